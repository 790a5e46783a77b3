import { snatUuid } from '../ids.ts';
import type { RouterAddressState, RouterState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { type Desired, type DesiredRow, desiredRow, nothing } from './row.ts';

export const EVERYTHING = '0.0.0.0/0';

const isIpv4 = ({ subnet }: RouterAddressState): boolean => subnet.ipVersion === 4;

const addressesOf = (router: RouterState, gateway: boolean): readonly RouterAddressState[] =>
  router.ports.filter((port) => port.gateway === gateway).flatMap((port) => port.addresses.filter(isIpv4));

const snatRow = (router: RouterState, externalIp: string, logicalIp: string): DesiredRow<'NAT'> =>
  desiredRow('NAT', snatUuid(router.id, externalIp, logicalIp), {
    type: 'snat',
    external_ip: externalIp,
    logical_ip: logicalIp,
    logical_port: undefined,
    external_mac: undefined,
    gateway_port: undefined,
    options: new Map(),
    external_ids: new Map(),
  });

/** What machines without floating IPs send outside gets the gateway's address → NAT; IPv6 is never translated. */
export function routerSnat(router: RouterState, settings: OvnSettings): Desired {
  if (!router.snat) return nothing;
  const sources = settings.routerIndirectSnat
    ? [EVERYTHING]
    : [...new Set(addressesOf(router, false).map(({ subnet }) => subnet.cidr))];
  const rows = addressesOf(router, true).flatMap(({ address }) =>
    sources.map((source) => snatRow(router, address, source)),
  );
  return {
    rows,
    members: rows.map((row) => ({
      column: 'Logical_Router.nat',
      parent: router.id,
      element: row.uuid ?? '',
    })),
  };
}
