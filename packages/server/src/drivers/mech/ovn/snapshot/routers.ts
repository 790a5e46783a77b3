import type { Reader } from '../../../../db/database.ts';
import { ROUTER_GATEWAY } from '../../../../ipam/device-owner.ts';
import type { QosState } from '../qos-state.ts';
import type { RouterAddressState, RouterPortState, RouterState } from '../routing-state.ts';
import { decodeTexts, grouped } from './decode.ts';
import { policyLoader } from './qos.ts';
import {
  extraRouteQuery,
  gatewayScheduleQuery,
  routerAddressQuery,
  routerPortQuery,
  routerQuery,
  routerSegmentQuery,
} from './router-queries.ts';

type PortRow = Awaited<ReturnType<ReturnType<typeof routerPortQuery>['rows']>>[number];
type AddressRow = Awaited<ReturnType<ReturnType<typeof routerAddressQuery>['rows']>>[number];
type SegmentRow = Awaited<ReturnType<ReturnType<typeof routerSegmentQuery>['rows']>>[number];

const addressOf = (row: AddressRow): RouterAddressState => ({
  address: row.ip_address,
  subnet: {
    id: row.id,
    ipVersion: row.ip_version,
    cidr: row.cidr,
    gatewayIp: row.gateway_ip ?? undefined,
    addressMode: row.ipv6_address_mode ?? undefined,
    nameservers: decodeTexts(row.dns_nameservers),
  },
});

const portOf = (
  row: PortRow,
  addresses: readonly AddressRow[],
  segments: readonly SegmentRow[],
  qos: QosState | undefined,
): RouterPortState => ({
  id: row.id,
  mac: row.mac_address,
  revision: row.revision_number,
  gateway: row.port_type === ROUTER_GATEWAY,
  networkId: row.network_id,
  networkMtu: row.mtu,
  networkExternal: row.external === 1,
  networkType: segments.length === 1 ? (segments[0]?.network_type ?? '') : '',
  physical: segments.some((segment) => segment.physical_network !== null),
  addresses: addresses.map(addressOf),
  qos,
});

/** Loads the ports of routers by router id, gateways first, in four statements. */
function routerPortLoader() {
  const ports = routerPortQuery();
  const addresses = routerAddressQuery();
  const segments = routerSegmentQuery();
  const policies = policyLoader();

  return async (reader: Reader, ids: readonly string[]) => {
    const rows = await ports.rows(reader, ids);
    const addressesOf = grouped(await addresses.rows(reader, ids), 'port_id');
    const segmentsOf = grouped(await segments.rows(reader, ids), 'port_id');
    const policyOf = (row: PortRow) => (row.port_type === ROUTER_GATEWAY ? row.policy : null);
    const qosOf = await policies(reader, rows.map(policyOf));
    const portsOf = new Map<string, RouterPortState[]>();
    for (const row of rows) {
      const qos = qosOf.get(policyOf(row));
      const port = portOf(row, addressesOf.get(row.id) ?? [], segmentsOf.get(row.id) ?? [], qos);
      const list = portsOf.get(row.router_id) ?? [];
      if (list.push(port) === 1) portsOf.set(row.router_id, list);
    }
    return portsOf;
  };
}

/** Loads routers with all that hangs on them, in seven statements for any number of routers. */
export function routerLoader() {
  const routers = routerQuery();
  const ports = routerPortLoader();
  const routes = extraRouteQuery();
  const schedules = gatewayScheduleQuery();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, RouterState>> => {
    const states = new Map<string, RouterState>();
    const rows = await routers.rows(reader, ids);
    const found = rows.map((row) => row.id);
    const portsOf = await ports(reader, found);
    const routesOf = grouped(await routes.rows(reader, found), 'router_id');
    const chassisOf = grouped(await schedules.rows(reader, found), 'router_id');
    for (const row of rows) {
      const own = portsOf.get(row.id) ?? [];
      states.set(row.id, {
        id: row.id,
        name: row.name,
        adminUp: row.admin_state_up === 1,
        snat: row.enable_snat === 1,
        defaultRouteBfd: row.enable_default_route_bfd === 1,
        defaultRouteEcmp: row.enable_default_route_ecmp === 1,
        availabilityZoneHints: decodeTexts(row.availability_zone_hints),
        revision: row.revision_number,
        ports: [...own.filter((port) => port.gateway), ...own.filter((port) => !port.gateway)],
        routes: (routesOf.get(row.id) ?? []).map(({ destination, nexthop }) => ({ destination, nexthop })),
        chassis: (chassisOf.get(row.id) ?? []).map(({ chassis_name, priority }) => ({
          name: chassis_name,
          priority,
        })),
      });
    }
    return states;
  };
}
