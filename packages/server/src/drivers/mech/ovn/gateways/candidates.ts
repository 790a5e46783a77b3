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
const preferred = <T>(all: readonly T[], holds: (one: T) => boolean): readonly T[] => {
  const matching = all.filter(holds);
  return matching.length > 0 ? matching : all;
};

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
  const hints = new Set(demand.zoneHints);
  const fitting =
    hints.size > 0
      ? gateways.filter((one) => zonesOf(one).some((zone) => hints.has(zone)))
      : isTunnelled(demand)
        ? preferred(gateways, (one) => zonesOf(one).length === 0)
        : gateways;
  return fitting.map((one) => ({ name: one.name, zones: zonesOf(one), alive: one.alive }));
};
