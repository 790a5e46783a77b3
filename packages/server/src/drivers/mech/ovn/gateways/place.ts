import type { Reader, Transaction } from '../../../../db/database.ts';
import type { ChassisView } from '../chassis.ts';
import { type GatewayDemand, gatewayCandidates, isTunnelled } from './candidates.ts';
import { type GatewayLoad, type GatewayScheduler, MAX_GATEWAY_CHASSIS, scheduleGateway } from './schedule.ts';
import { currentLoad, gatewayDemands, type ScheduledChassis, schedulesOf, storeSchedules } from './store.ts';

/** What decides where gateways go, besides SQL. */
export interface Placing {
  /** All chassis as they are now. */
  readonly chassis: () => readonly ChassisView[];
  readonly scheduler: GatewayScheduler;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** The reference numbers the chassis of tunnelled routers from here downward, those of others from their number to 1. */
export const HIGHEST_PRIORITY = 32_767;

const places = (order: readonly string[], tunnelled: boolean): readonly ScheduledChassis[] => {
  const first = tunnelled ? HIGHEST_PRIORITY : order.length;
  return order.map((name, index) => ({ name, priority: first - index }));
};

export const samePlaces = (one: readonly ScheduledChassis[], other: readonly ScheduledChassis[]): boolean =>
  one.length === other.length &&
  one.every(
    ({ name, priority }, index) => name === other[index]?.name && priority === other[index]?.priority,
  );

type Schedules = ReadonlyMap<string, readonly ScheduledChassis[]>;

/** The schedules of these routers that should be other than they are. Counts what it plans into `load`. */
const planned = (
  demands: Iterable<GatewayDemand>,
  present: Schedules,
  load: GatewayLoad,
  { chassis, scheduler, random }: Placing,
): Schedules => {
  const all = chassis();
  const known = new Set(all.map(({ name }) => name));
  const changed = new Map<string, readonly ScheduledChassis[]>();
  for (const demand of demands) {
    const { routerId } = demand;
    const now = present.get(routerId) ?? [];
    const candidates = gatewayCandidates(demand, all);
    for (const { name, priority } of now) load.add(name, priority, -1);
    const current = now.map(({ name }) => name);
    const limit = demand.ha ? MAX_GATEWAY_CHASSIS : 1;
    const order = scheduleGateway({ routerId, candidates, current, limit, scheduler, load, random });
    // With nowhere to go, places on chassis that are gone are kept: they are right again when those come back.
    const next =
      candidates.length === 0
        ? now.filter(({ name }) => !known.has(name))
        : places(order, isTunnelled(demand));
    for (const { name, priority } of next) load.add(name, priority);
    if (!samePlaces(now, next)) changed.set(routerId, next);
  }
  return changed;
};

/** Schedules of routers that should be other than they are, by router id. Three queries, whatever their number. */
export const misplaced = async (
  reader: Reader,
  routerIds: readonly string[],
  placing: Placing,
): Promise<Schedules> => {
  const demands = await gatewayDemands(reader, routerIds);
  const present = await schedulesOf(reader, routerIds);
  const changed = new Map<string, readonly ScheduledChassis[]>(
    routerIds.filter((id) => !demands.has(id) && present.has(id)).map((id) => [id, []]),
  );
  if (demands.size === 0) return changed;
  const load = await currentLoad(reader);
  for (const [id, places] of planned(demands.values(), present, load, placing)) changed.set(id, places);
  return changed;
};

/**
 * Give these routers the chassis that their gateways need; what is well placed stays where it is.
 *
 * @returns ids of the routers whose places changed
 */
export const placeGateways = async (
  tx: Transaction,
  routerIds: readonly string[],
  placing: Placing,
): Promise<readonly string[]> => {
  const changed = await misplaced(tx, routerIds, placing);
  await storeSchedules(tx, changed);
  return [...changed.keys()];
};
