import type { Reader, Transaction } from '../../../../db/database.ts';
import { type ChassisView, isExternalPortChassis, isGatewayChassis } from '../chassis.ts';
import { externalPortsKey, type OvnKey } from '../key.ts';
import { asCandidates, inZones, preferred } from './candidates.ts';
import {
  type ExternalHosts,
  type ExternalNetworkPorts,
  type ExternalPlaces,
  externalNetworkPorts,
  storedExternalHosts,
  storeExternalHosts,
} from './external-port-state.ts';
import { HIGHEST_PRIORITY, type Placing, samePlaces } from './place.ts';
import { GatewayLoad, scheduleGateway } from './schedule.ts';

const NO_LOAD = new GatewayLoad();
/** Key of the chassis that answer for all ports of a network that have none of their own. */
const WHOLE_NETWORK = '';

const reaching = (chassis: readonly ChassisView[], physical: readonly string[]): readonly ChassisView[] =>
  physical.length === 0
    ? chassis
    : chassis.filter((one) => physical.some((network) => one.bridgeMappings.has(network)));

/**
 * Which chassis answer for the external ports of a network, by port, '' standing for all of them: those of the router
 * that leads out, so that what goes out and comes in meets; else, for each port, chassis that are declared for this, but
 * not its own host; else gateways.
 *
 * @param present as it is now; what may stay keeps its order
 */
export const planExternalHosts = (
  network: ExternalNetworkPorts,
  present: ExternalHosts,
  chassis: readonly ChassisView[],
): ExternalHosts => {
  if (network.gateway !== undefined) return new Map([[WHOLE_NETWORK, network.gateway]]);
  const known = new Set(chassis.map((one) => one.name));
  const choose = (key: string, able: readonly ChassisView[]): [string, ExternalPlaces] => {
    const now = present.get(key)?.chassis ?? [];
    const candidates = asCandidates(
      inZones(reaching(able, network.physicalNetworks), network.zoneHints, true),
    );
    if (candidates.length === 0)
      return [key, { routerId: '', chassis: now.filter(({ name }) => !known.has(name)) }];
    const order = scheduleGateway({
      routerId: `${network.networkId} ${key}`,
      candidates,
      current: now.map(({ name }) => name),
      scheduler: 'leastloaded',
      load: NO_LOAD,
      random: () => 0,
    });
    const places = order.map((name, index) => ({ name, priority: HIGHEST_PRIORITY - index }));
    return [key, { routerId: '', chassis: places }];
  };
  const declared = chassis.filter(isExternalPortChassis);
  const chosen =
    declared.length > 0
      ? network.ports.map(({ id, host }) =>
          choose(
            id,
            declared.filter((one) => one.hostname !== host),
          ),
        )
      : [choose(WHOLE_NETWORK, preferred(chassis, isGatewayChassis))];
  return new Map(chosen.filter(([, { chassis: places }]) => places.length > 0));
};

const sameHosts = (one: ExternalHosts, other: ExternalHosts): boolean =>
  one.size === other.size &&
  [...one].every(([key, places]) => {
    const against = other.get(key);
    return against?.routerId === places.routerId && samePlaces(places.chassis, against.chassis);
  });

/** What is stored otherwise than it should be, by network id, and the external ports of these networks. */
const wrongHosts = async (
  reader: Reader,
  networkIds: readonly string[] | 'all',
  chassis: readonly ChassisView[],
): Promise<ReadonlyMap<string, { readonly hosts: ExternalHosts; readonly portIds: readonly string[] }>> => {
  const networks = await externalNetworkPorts(reader, networkIds);
  const stored = await storedExternalHosts(reader, networkIds);
  const none: ExternalHosts = new Map();
  const wrong = new Map<string, { readonly hosts: ExternalHosts; readonly portIds: readonly string[] }>();
  for (const networkId of stored.keys()) wrong.set(networkId, { hosts: none, portIds: [] });
  for (const network of networks) {
    const present = stored.get(network.networkId) ?? none;
    const hosts = planExternalHosts(network, present, chassis);
    if (sameHosts(present, hosts)) wrong.delete(network.networkId);
    else wrong.set(network.networkId, { hosts, portIds: network.ports.map(({ id }) => id) });
  }
  return wrong;
};

/** Networks whose external ports other chassis should answer for. */
export const misplacedExternalPorts = async (
  reader: Reader,
  { chassis }: Pick<Placing, 'chassis'>,
): Promise<readonly string[]> => [...(await wrongHosts(reader, 'all', chassis())).keys()];

/**
 * Give the external ports of these networks the chassis that answer for them; what is well placed stays.
 *
 * @returns keys whose rows differ by that
 */
export const placeExternalPorts = async (
  tx: Transaction,
  networkIds: readonly string[],
  { chassis }: Pick<Placing, 'chassis'>,
): Promise<readonly OvnKey[]> => {
  const keys: OvnKey[] = [];
  for (const [networkId, { hosts, portIds }] of await wrongHosts(tx, networkIds, chassis())) {
    await storeExternalHosts(tx, networkId, hosts);
    keys.push(externalPortsKey(networkId), ...portIds.map((id): OvnKey => ({ kind: 'port', id })));
  }
  return keys;
};
