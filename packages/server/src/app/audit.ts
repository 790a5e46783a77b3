import type { Check, SettingsSite } from '../audit/check.ts';
import { type AuditReport, type OvnPart, runAudit } from '../audit/run.ts';
import type { Config } from '../config/config.ts';
import { quietLogger } from '../core/logger.ts';
import type { Database } from '../db/database.ts';
import { openExistingDatabase } from '../db/open.ts';
import { type OvnTools, openOvnTools } from './ovn-tools.ts';
import { loadPolicy } from './policy.ts';

export interface AuditOptions extends Pick<SettingsSite, 'configFile' | 'environment'> {
  readonly checks: readonly Check[];
  /** Milliseconds to wait for complete replicas of the OVN databases. */
  readonly patience: number;
  /** Told how many objects of OVN were compared, and of how many. */
  readonly progress?: (done: number, all: number) => void;
}

const lookIntoOvn = async (tools: OvnTools, progress: AuditOptions['progress']): Promise<OvnPart> => ({
  drift: await tools.diff(progress === undefined ? {} : { progress }),
  northbound: tools.northbound.replica,
  southbound: tools.southbound.replica,
  schemas: {
    northbound: tools.northbound.serverSchema?.version ?? '',
    southbound: tools.southbound.serverSchema?.version ?? '',
  },
});

/**
 * Look at a deployment for weaknesses, beside a running service or without one. Reads only.
 *
 * @throws ConfigError when the file of policy rules cannot be used
 */
export const audit = async (config: Config, options: AuditOptions): Promise<AuditReport> => {
  const { configFile, environment, checks, patience, progress } = options;
  await using stack = new AsyncDisposableStack();
  const policy = await loadPolicy(config.policy);
  return await runAudit(
    {
      settings: { config, configFile, environment, policy, now: new Date() },
      openDatabase: async (): Promise<Database> => stack.use(await openExistingDatabase(config.database)),
      openOvn: config.ml2.mechanismDrivers.includes('ovn')
        ? async () => lookIntoOvn(stack.use(await openOvnTools(config, quietLogger(), patience)), progress)
        : undefined,
    },
    checks,
  );
};
