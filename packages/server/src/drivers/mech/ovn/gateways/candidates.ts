import { type ChassisView, isGatewayChassis, zonesOf } from '../chassis.ts';
import type { Candidate } from './schedule.ts';

/** What a router's gateways need of a chassis. */
export interface GatewayDemand {
  readonly routerId: string;
  /** Availability zones that were asked for; none: any. */
  readonly zoneHints: readonly string[];
  /** Whether other chassis stand by. */
  readonly ha: boolean;
  /** Of each gateway, in order: the physical networks that its external network is on; none: it is tunnelled. */
  readonly networks: readonly (readonly string[])[];
}

/** OVN puts a router whose gateways are all on tunnelled networks onto a chassis as a whole. */
export const isTunnelled = ({ networks }: Pick<GatewayDemand, 'networks'>): boolean =>
  networks.every((physical) => physical.length === 0);

/** Those that `holds` is true for; `all` where it is true for none. */
export const preferred = <T>(all: readonly T[], holds: (one: T) => boolean): readonly T[] => {
  const matching = all.filter(holds);
  return matching.length > 0 ? matching : all;
};

/**
 * Chassis in one of the zones that were asked for.
 *
 * @param unzonedFirst without hints: only those that declare no zone, where there are any
 */
export const inZones = (
  chassis: readonly ChassisView[],
  zoneHints: readonly string[],
  unzonedFirst: boolean,
): readonly ChassisView[] => {
  const hints = new Set(zoneHints);
  if (hints.size > 0) return chassis.filter((one) => zonesOf(one).some((zone) => hints.has(zone)));
  return unzonedFirst ? preferred(chassis, (one) => zonesOf(one).length === 0) : chassis;
};

export const asCandidates = (chassis: readonly ChassisView[]): readonly Candidate[] =>
  chassis.map((one) => ({ name: one.name, zones: zonesOf(one), alive: one.alive }));

const maps = (chassis: ChassisView, physical: readonly string[]): boolean =>
  physical.length === 0 || physical.some((network) => chassis.bridgeMappings.has(network));

const mappingAll = (
  chassis: readonly ChassisView[],
  [first = [], ...others]: GatewayDemand['networks'],
): readonly ChassisView[] => {
  const able = chassis.filter((one) => maps(one, first));
  // Where no chassis reaches all of the networks the first gateway, which carries the default route, decides.
  return preferred(able, (one) => others.every((physical) => maps(one, physical)));
};

/**
 * Chassis that may carry a router's gateways: they map the physical networks and are in a zone that was asked for.
 * Chassis that are declared gateways come alone where there are any. A router on tunnelled networks that asks for no zone
 * stays, where it can, with chassis that declare none.
 */
export const gatewayCandidates = (
  demand: GatewayDemand,
  chassis: readonly ChassisView[],
): readonly Candidate[] => {
  const gateways = preferred(mappingAll(chassis, demand.networks), isGatewayChassis);
  return asCandidates(inZones(gateways, demand.zoneHints, isTunnelled(demand)));
};
