import type { Reader, Transaction } from '../../../../db/database.ts';
import { eachOf } from '../../../../db/query/each-of.ts';
import { asTheyAre, insertCompiled } from '../../../../db/query/insert.ts';
import { type Given, prepared } from '../../../../db/query/prepared.ts';
import { ROUTER_GATEWAY } from '../../../../ipam/device-owner.ts';
import { decodeTexts } from '../snapshot/decode.ts';
import type { GatewayDemand } from './candidates.ts';
import { GatewayLoad } from './schedule.ts';

type Ids = Given<{ readonly ids: readonly string[] }>;

const demandRows = prepared((query, given: Ids) =>
  query
    .selectFrom('router_ports')
    .innerJoin('routers', 'routers.id', 'router_ports.router_id')
    .innerJoin('ports', 'ports.id', 'router_ports.port_id')
    .leftJoin('network_segments', 'network_segments.network_id', 'ports.network_id')
    .select(['router_ports.router_id', 'router_ports.port_id', 'routers.availability_zone_hints'])
    .select(['routers.ha', 'network_segments.physical_network'])
    .where('router_ports.router_id', 'in', given.each('ids'))
    .where('router_ports.port_type', '=', ROUTER_GATEWAY)
    .orderBy('router_ports.router_id')
    .orderBy('router_ports.position')
    .orderBy('network_segments.segment_index'),
);

const scheduleRows = prepared((query, given: Ids) =>
  query
    .selectFrom('gateway_schedules')
    .select(['router_id', 'chassis_name', 'priority'])
    .where('router_id', 'in', given.each('ids'))
    .orderBy('priority', 'desc'),
);

const loadRows = prepared((query, _given: Given<Record<string, never>>) =>
  query
    .selectFrom('gateway_schedules')
    .select(['chassis_name', 'priority', (eb) => eb.fn.countAll<number>().as('gateways')])
    .groupBy(['chassis_name', 'priority']),
);

/** A place of a router's schedule. */
export interface ScheduledChassis {
  readonly name: string;
  readonly priority: number;
}

/** What routers need, by router id; those without a gateway need nothing and are left out. One query. */
export const gatewayDemands = async (
  reader: Reader,
  routerIds: readonly string[],
): Promise<ReadonlyMap<string, GatewayDemand>> => {
  const routers = Map.groupBy(await demandRows(reader, { ids: routerIds }), (row) => row.router_id);
  const demands = new Map<string, GatewayDemand>();
  for (const [routerId, rows] of routers) {
    const networks = Map.groupBy(rows, (row) => row.port_id)
      .values()
      .map((segments) => segments.map((row) => row.physical_network).filter((name) => name !== null));
    const zoneHints = decodeTexts(rows[0]?.availability_zone_hints ?? '[]');
    demands.set(routerId, { routerId, zoneHints, ha: rows[0]?.ha === 1, networks: [...networks] });
  }
  return demands;
};

/** The schedules of routers, the first choice first. One query. */
export const schedulesOf = async (
  reader: Reader,
  routerIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ScheduledChassis[]>> => {
  const rows = await scheduleRows(reader, { ids: routerIds });
  const routers = Map.groupBy(rows, (row) => row.router_id);
  return new Map(
    [...routers].map(([id, places]) => [
      id,
      places.map((place) => ({ name: place.chassis_name, priority: place.priority })),
    ]),
  );
};

/** Chassis that any schedule names. One query. */
export const scheduledChassis = async (reader: Reader): Promise<ReadonlySet<string>> => {
  const rows = await reader.query.selectFrom('gateway_schedules').select('chassis_name').distinct().execute();
  return new Set(rows.map((row) => row.chassis_name));
};

/** How many gateways each chassis carries. One query, whatever the number of routers. */
export const currentLoad = async (reader: Reader): Promise<GatewayLoad> => {
  const load = new GatewayLoad();
  for (const row of await loadRows(reader, {}))
    load.add(row.chassis_name, row.priority, Number(row.gateways));
  return load;
};

const INSERT_ROWS = 100;

/** Make these the schedules of their routers. An empty one takes all places away. */
export const storeSchedules = async (
  tx: Transaction,
  schedules: ReadonlyMap<string, readonly ScheduledChassis[]>,
): Promise<void> => {
  if (schedules.size === 0) return;
  await tx.query
    .deleteFrom('gateway_schedules')
    .where('router_id', 'in', eachOf([...schedules.keys()]))
    .execute();
  const rows = [...schedules].flatMap(([router_id, places]) =>
    places.map(({ name, priority }) => ({ router_id, chassis_name: name, priority })),
  );
  for (let start = 0; start < rows.length; start += INSERT_ROWS)
    await insertCompiled(tx, 'gateway_schedules', rows.slice(start, start + INSERT_ROWS), asTheyAre);
};
