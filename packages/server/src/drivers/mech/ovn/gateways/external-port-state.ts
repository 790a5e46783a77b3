import { sql } from 'kysely';
import type { Reader, Transaction } from '../../../../db/database.ts';
import { eachOf } from '../../../../db/query/each-of.ts';
import { bypassesSwitch } from '../bypassing.ts';
import { decodeObject, decodeTexts, grouped } from '../snapshot/decode.ts';
import type { ScheduledChassis } from './store.ts';

/** A port whose packets bypass the virtual switch of its host: other chassis answer for it. */
export interface ExternalPort {
  readonly id: string;
  readonly host: string;
}

/** What decides which chassis answer for the external ports of a network. */
export interface ExternalNetworkPorts {
  readonly networkId: string;
  readonly zoneHints: readonly string[];
  readonly physicalNetworks: readonly string[];
  readonly ports: readonly ExternalPort[];
  /** Those of the router that leads out of the network, if one does. */
  readonly gateway: ExternalPlaces | undefined;
}

/** Chassis that answer for external ports. */
export interface ExternalPlaces {
  /** The router whose gateway they carry; '' when they were chosen without one. */
  readonly routerId: string;
  /** The first choice first. */
  readonly chassis: readonly ScheduledChassis[];
}

const SPECIAL = sql<boolean>`port_bindings.vnic_type <> 'normal'`;

const externalPorts = async ({ query }: Reader, networkIds: readonly string[] | 'all') => {
  const all = query
    .selectFrom('port_bindings')
    .innerJoin('ports', 'ports.id', 'port_bindings.port_id')
    .select(['ports.id', 'ports.network_id'])
    .select(['port_bindings.host', 'port_bindings.vnic_type', 'port_bindings.profile'])
    .where(SPECIAL)
    .where('port_bindings.status', '=', 'ACTIVE')
    .orderBy('ports.id');
  const rows = await (networkIds === 'all'
    ? all
    : all.where('ports.network_id', 'in', eachOf(networkIds))
  ).execute();
  return rows.filter((row) => bypassesSwitch(row.vnic_type, decodeObject(row.profile)));
};

const gatewaysOf = ({ query }: Reader, networkIds: readonly string[]) =>
  query
    .selectFrom('router_ports')
    .innerJoin('ports', 'ports.id', 'router_ports.port_id')
    .innerJoin('gateway_schedules', 'gateway_schedules.router_id', 'router_ports.router_id')
    .select(['ports.network_id', 'router_ports.router_id'])
    .select(['gateway_schedules.chassis_name', 'gateway_schedules.priority'])
    .where('ports.network_id', 'in', eachOf(networkIds))
    .where('router_ports.port_type', '!=', 'network:router_gateway')
    .orderBy('router_ports.router_id')
    .orderBy('gateway_schedules.priority', 'desc')
    .execute();

interface PlaceRow {
  readonly router_id: string;
  readonly chassis_name: string;
  readonly priority: number;
}

const placesOf = (rows: readonly PlaceRow[], routerId: string): ExternalPlaces => ({
  routerId,
  chassis: rows
    .filter((row) => row.router_id === routerId)
    .map((row) => ({ name: row.chassis_name, priority: row.priority })),
});

/** Networks that have external ports, with them. A fixed number of queries. */
export const externalNetworkPorts = async (
  reader: Reader,
  networkIds: readonly string[] | 'all',
): Promise<readonly ExternalNetworkPorts[]> => {
  const ports = grouped(await externalPorts(reader, networkIds), 'network_id');
  const ids = [...ports.keys()];
  if (ids.length === 0) return [];
  const networks = await reader.query
    .selectFrom('networks')
    .select(['id', 'availability_zone_hints'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const segments = await reader.query
    .selectFrom('network_segments')
    .select(['network_id', 'physical_network'])
    .where('network_id', 'in', eachOf(ids))
    .execute();
  const physical = grouped(segments, 'network_id');
  const gateways = grouped(await gatewaysOf(reader, ids), 'network_id');
  return networks.map(({ id, availability_zone_hints: hints }) => {
    const routers = gateways.get(id) ?? [];
    return {
      networkId: id,
      zoneHints: decodeTexts(hints),
      physicalNetworks: (physical.get(id) ?? []).flatMap((one) => one.physical_network ?? []),
      ports: (ports.get(id) ?? []).map((port) => ({ id: port.id, host: port.host })),
      gateway: routers[0] === undefined ? undefined : placesOf(routers, routers[0].router_id),
    };
  });
};

/** Places by port id, '' for those of the whole network. */
export type ExternalHosts = ReadonlyMap<string, ExternalPlaces>;

/** What is stored for networks, the first choice first. One query. */
export const storedExternalHosts = async (
  { query }: Reader,
  networkIds: readonly string[] | 'all',
): Promise<ReadonlyMap<string, ExternalHosts>> => {
  const all = query.selectFrom('external_port_hosts').selectAll().orderBy('priority', 'desc');
  const rows = await (networkIds === 'all'
    ? all
    : all.where('network_id', 'in', eachOf(networkIds))
  ).execute();
  const networks = new Map<string, ExternalHosts>();
  for (const [networkId, own] of grouped(rows, 'network_id'))
    networks.set(
      networkId,
      new Map(
        [...grouped(own, 'port_id')].map(([portId, places]) => [
          portId,
          placesOf(places, places[0]?.router_id ?? ''),
        ]),
      ),
    );
  return networks;
};

/** Make these the places of a network's external ports. */
export const storeExternalHosts = async (
  { query }: Transaction,
  networkId: string,
  hosts: ExternalHosts,
): Promise<void> => {
  await query.deleteFrom('external_port_hosts').where('network_id', '=', networkId).execute();
  const rows = [...hosts].flatMap(([port_id, places]) =>
    places.chassis.map(({ name, priority }) => ({
      network_id: networkId,
      port_id,
      chassis_name: name,
      priority,
      router_id: places.routerId,
    })),
  );
  if (rows.length > 0) await query.insertInto('external_port_hosts').values(rows).execute();
};
