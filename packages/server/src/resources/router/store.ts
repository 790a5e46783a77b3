import type { ExternalGateway, FixedIp, HostRoute, Router } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { RoutersTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** A gateway port of a router. */
export interface GatewayPort {
  readonly portId: string;
  readonly networkId: string;
  readonly position: number;
  readonly fixedIps: readonly FixedIp[];
  /** Its own policy of quality of service, and that of its network. */
  readonly qos: { readonly own: string | null; readonly network: string | null };
}

/** What a router has in other tables than `routers`. */
export interface RouterParts {
  /** In order; the first is the one that `external_gateway_info` shows. */
  readonly gateways: readonly GatewayPort[];
  readonly routes: readonly HostRoute[];
  readonly tags: readonly string[];
}

// The column holds JSON that this program wrote from a list of texts.
const textsIn = (json: string): readonly string[] => (json === '[]' ? [] : (JSON.parse(json) as string[]));

/** A row and its parts → the resource. */
export const routerOf = (row: RoutersTable, parts: RouterParts): Router => {
  const snat = row.enable_snat === 1;
  const gateways = parts.gateways.map(
    (gateway): ExternalGateway => ({
      network_id: gateway.networkId,
      enable_snat: snat,
      external_fixed_ips: gateway.fixedIps,
      ...(gateway.qos.own === null && gateway.qos.network === null ? {} : { qos_policy_id: gateway.qos.own }),
    }),
  );
  const hints = textsIn(row.availability_zone_hints);
  return {
    id: row.id,
    name: row.name,
    project_id: row.project_id,
    admin_state_up: row.admin_state_up === 1,
    status: row.status,
    external_gateway_info: gateways[0] ?? null,
    external_gateways: gateways,
    enable_snat: snat,
    routes: parts.routes,
    ha: row.ha === 1,
    flavor_id: row.flavor_id,
    enable_default_route_bfd: row.enable_default_route_bfd === 1,
    enable_default_route_ecmp: row.enable_default_route_ecmp === 1,
    availability_zone_hints: hints,
    availability_zones: hints,
    description: row.description,
    created_at: row.created_at,
    updated_at: row.updated_at,
    revision_number: row.revision_number,
    tags: parts.tags,
  };
};

/** The gateway ports of routers by router id, in order. One query. */
export const gatewayPortsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly GatewayPort[]>> => {
  const rows = await reader.query
    .selectFrom('router_ports')
    .innerJoin('ports', 'ports.id', 'router_ports.port_id')
    .leftJoin('qos_network_policies as shared', 'shared.network_id', 'ports.network_id')
    .leftJoin('ip_allocations', 'ip_allocations.port_id', 'router_ports.port_id')
    .select(['router_ports.router_id', 'router_ports.port_id', 'router_ports.position', 'ports.network_id'])
    .select(['ip_allocations.subnet_id', 'ip_allocations.ip_address'])
    .select(['router_ports.qos_policy_id as own', 'shared.qos_policy_id as network'])
    .where('router_ports.router_id', 'in', eachOf(ids))
    .where('router_ports.port_type', '=', ROUTER_GATEWAY)
    .orderBy('router_ports.position')
    .orderBy('ip_allocations.position')
    .orderBy('ip_allocations.ip_sort')
    .execute();
  const ports = Map.groupBy(rows, (row) => row.port_id);
  const gateways = [...ports.values()].flatMap((addresses) => {
    const [first] = addresses;
    if (first === undefined) return [];
    const fixedIps = addresses.flatMap(({ subnet_id, ip_address }) =>
      subnet_id === null || ip_address === null ? [] : [{ subnet_id, ip_address }],
    );
    const { port_id: portId, network_id: networkId, position, own, network } = first;
    const qos = { own, network };
    return [{ routerId: first.router_id, gateway: { portId, networkId, position, fixedIps, qos } }];
  });
  return listsBy(gateways, ({ routerId, gateway }) => [routerId, gateway]);
};

const routesOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly HostRoute[]>> => {
  const rows = await reader.query
    .selectFrom('router_routes')
    .select(['router_id', 'destination', 'nexthop'])
    .where('router_id', 'in', eachOf(ids))
    .orderBy('destination')
    .orderBy('nexthop')
    .execute();
  return listsBy(rows, ({ router_id, destination, nexthop }) => [router_id, { destination, nexthop }]);
};

/** Rows → resources, in order. At most three queries, whatever the number of rows. */
export const assembleRouters = async (
  reader: Reader,
  rows: readonly RoutersTable[],
  wanted?: ReadonlySet<string>,
): Promise<readonly Router[]> => {
  if (rows.length === 0) return [];
  const wants = (...names: readonly string[]) =>
    wanted === undefined || names.some((name) => wanted.has(name));
  const ids = rows.map((row) => row.id);
  const gateways = wants('external_gateway_info', 'external_gateways')
    ? await gatewayPortsOf(reader, ids)
    : undefined;
  const routes = wants('routes') ? await routesOf(reader, ids) : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    routerOf(row, {
      gateways: gateways?.get(row.id) ?? [],
      routes: routes?.get(row.id) ?? [],
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** Routers anew, by id; ids without a router are left out. */
export const loadRouters = async (reader: Reader, ids: readonly string[]): Promise<readonly Router[]> => {
  const rows = await reader.query.selectFrom('routers').selectAll().where('id', 'in', eachOf(ids)).execute();
  return assembleRouters(reader, rows);
};

export const routerStore: ResourceStore<Router> = {
  table: 'routers',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'status', 'flavor_id']),
    admin_state_up: flag('admin_state_up'),
    enable_snat: flag('enable_snat'),
    ha: flag('ha'),
  },
  filters: {},
  // The rows were read from `routers`, all columns.
  assemble: (reader, rows, wanted) =>
    assembleRouters(reader, rows as readonly unknown[] as readonly RoutersTable[], wanted),
};
