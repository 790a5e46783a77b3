import type { OvnSettings } from '../settings.ts';
import type { LogState } from '../state.ts';
import { stringMap } from './row.ts';

/** Which packets an ACL is about. */
export type Verdict = 'ACCEPT' | 'DROP';

/** The log that an ACL belongs to: the oldest that is about such packets. */
export const logFor = (logs: readonly LogState[], verdict: Verdict): LogState | undefined =>
  logs.find(({ event }) => event === 'ALL' || event === verdict);

/** Names of the meters that keep logs from flooding hosts. */
export const logMeter = (settings: OvnSettings, stateful: boolean): string =>
  `${settings.localOutputLogBase || 'acl_log_meter'}${stateful ? '' : '_stateless'}`;

/** Any number but 0, the same whenever it is asked for. */
const labelOf = (aclUuid: string): number => Number.parseInt(aclUuid.slice(0, 8), 16) || 1;

/** What a log, or none, comes to in an ACL. */
export const aclLog = (uuid: string, log: LogState | undefined, meter: string) =>
  ({
    log: log !== undefined,
    name: log === undefined ? undefined : `neutron-${log.id}`,
    severity: log === undefined ? undefined : 'info',
    meter: log === undefined ? undefined : meter,
    label: log === undefined ? 0 : labelOf(uuid),
    options: stringMap({ 'log-related': log === undefined ? undefined : 'true' }),
  }) as const;
