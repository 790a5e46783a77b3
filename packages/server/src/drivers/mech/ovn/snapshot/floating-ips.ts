import type { Reader } from '../../../../db/database.ts';
import type { FloatingIpState, PortForwardingState } from '../routing-state.ts';
import { grouped } from './decode.ts';
import {
  floatingGatewayQuery,
  floatingIpQuery,
  forwardingQuery,
  innerNetworkQuery,
} from './floating-ip-queries.ts';
import { policyLoader } from './qos.ts';

type Row = Awaited<ReturnType<ReturnType<typeof floatingIpQuery>['rows']>>[number];
type GatewayRow = Awaited<ReturnType<ReturnType<typeof floatingGatewayQuery>['rows']>>[number];
type ForwardingRow = Awaited<ReturnType<ReturnType<typeof forwardingQuery>['rows']>>[number];

const isTunnelled = (gateways: readonly GatewayRow[]): boolean =>
  gateways.every((gateway) => Number(gateway.physical) === 0);

const outerPortOf = (networkId: string, gateways: readonly GatewayRow[]): string | undefined =>
  gateways.find((row) => row.network_id === networkId && Number(row.addresses) > 0)?.port_id;

/** A router whose gateways no physical network carries is on one chassis as a whole: no port of it is. */
const gatewayPortOf = (networkId: string, gateways: readonly GatewayRow[]): string | undefined =>
  isTunnelled(gateways) ? undefined : outerPortOf(networkId, gateways);

const fixedOf = ({ fixed_port_id: portId, fixed_ip_address: address, ...row }: Row) =>
  portId === null || address === null
    ? undefined
    : { portId, address, onChassis: row.fixed_status === 'ACTIVE' && row.fixed_router === null };

const forwardingOf = (row: ForwardingRow): PortForwardingState => ({
  protocol: row.protocol,
  externalFirst: row.external_port_start,
  externalLast: row.external_port_end,
  internalAddress: row.internal_ip_address,
  internalFirst: row.internal_port_start,
  internalLast: row.internal_port_end,
});

/** Loads floating IPs with what they lead to, in five statements at most for any number of them. */
export function floatingIpLoader() {
  const floatingIps = floatingIpQuery();
  const gateways = floatingGatewayQuery();
  const forwardings = forwardingQuery();
  const inner = innerNetworkQuery();
  const policies = policyLoader();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, FloatingIpState>> => {
    const rows = await floatingIps.rows(reader, ids);
    const routed = rows.filter((row) => row.router_id !== null).map((row) => row.id);
    const gatewaysOf = grouped(await gateways.rows(reader, routed), 'id');
    const forwardingsOf = grouped(await forwardings.rows(reader, routed), 'floatingip_id');
    const innerOf = grouped(await inner.rows(reader, [...forwardingsOf.keys()]), 'id');
    const qosOf = await policies(
      reader,
      rows.map((row) => row.policy),
    );
    const states = new Map<string, FloatingIpState>();
    for (const row of rows) {
      const outer = gatewaysOf.get(row.id) ?? [];
      const own = forwardingsOf.get(row.id) ?? [];
      // The reference balances on all switches around a router that is on one chassis as a whole.
      const around = isTunnelled(outer) && own.length > 0 ? outer : [];
      states.set(row.id, {
        id: row.id,
        address: row.floating_ip_address,
        networkId: row.floating_network_id,
        mac: row.mac_address,
        revision: row.revision_number,
        routerId: row.router_id ?? undefined,
        fixed: fixedOf(row),
        gatewayPort: gatewayPortOf(row.floating_network_id, outer),
        outerPort: outerPortOf(row.floating_network_id, outer),
        qos: qosOf.get(row.policy),
        forwardings: own.map(forwardingOf),
        innerNetworks: [
          ...new Set([...(innerOf.get(row.id) ?? []), ...around].map((network) => network.network_id)),
        ],
      });
    }
    return states;
  };
}
