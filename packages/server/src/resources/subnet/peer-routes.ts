import { type Cidr, contains, type HostRoute, parseCidr, type Subnet } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { storedCidr } from '../../ipam/ipam-subnet.ts';
import { ROUTED } from './segment-check.ts';
import { subnetsOfNetwork } from './store.ts';

/** What of a subnet decides which routes lead to it and from it. */
export type RoutedSubnet = Pick<
  Subnet,
  'id' | 'ip_version' | 'cidr' | 'gateway_ip' | 'segment_id' | 'host_routes'
>;

/** Whether a subnet can have peers: it belongs to a segment, or to the gateways of a routed network. */
export const mayHavePeers = (subnet: Pick<Subnet, 'segment_id' | 'service_types'>): boolean =>
  subnet.segment_id !== null || subnet.service_types.includes(ROUTED);

/** Subnets of the same network that guests reach through their gateway only: those of other segments. */
const peersOf = (subnet: RoutedSubnet, siblings: readonly RoutedSubnet[]): readonly RoutedSubnet[] =>
  siblings.filter(
    (other) =>
      other.id !== subnet.id &&
      other.ip_version === subnet.ip_version &&
      other.segment_id !== subnet.segment_id,
  );

const covers = ({ destination }: HostRoute, cidr: Cidr): boolean => {
  const known = parseCidr(destination);
  return known !== undefined && known.prefix <= cidr.prefix && contains(known, cidr.network);
};

/** The routes of a subnet without those to `others` through its gateway. */
const routesBeside = (
  { host_routes: routes, gateway_ip: gateway }: Pick<Subnet, 'host_routes' | 'gateway_ip'>,
  others: readonly RoutedSubnet[],
): readonly HostRoute[] =>
  routes.filter(
    (route) => route.nexthop !== gateway || !others.some(({ cidr }) => cidr === route.destination),
  );

/** The routes of a subnet without those that are computed. */
export const ownRoutes = (subnet: RoutedSubnet, siblings: readonly RoutedSubnet[]): readonly HostRoute[] =>
  routesBeside(subnet, peersOf(subnet, siblings));

/**
 * The routes of a subnet, and one to each peer through its gateway that they do not lead to already. Computed from what is
 * there now, so that it does not matter in which order subnets came.
 */
export const withPeerRoutes = (
  subnet: RoutedSubnet,
  siblings: readonly RoutedSubnet[],
): readonly HostRoute[] => {
  const { gateway_ip: nexthop } = subnet;
  const peers = peersOf(subnet, siblings);
  const own = routesBeside(subnet, peers);
  if (nexthop === null) return own;
  const missing = peers.filter(({ cidr }) => !own.some((route) => covers(route, storedCidr(cidr))));
  return [...own, ...missing.map(({ cidr }) => ({ destination: cidr, nexthop }))];
};

/** Subnets of these networks by network, all that may be peers. One query each. */
export const siblingsOf = async (
  reader: Reader,
  networkIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Subnet[]>> => {
  const found = new Map<string, readonly Subnet[]>();
  for (const id of new Set(networkIds)) found.set(id, await subnetsOfNetwork(reader, id));
  return found;
};

const storeRoutes = async ({ tx, changes }: WriteStep, original: Subnet, routes: readonly HostRoute[]) => {
  const current = {
    ...original,
    host_routes: routes,
    updated_at: tx.now,
    revision_number: original.revision_number + 1,
  };
  await tx.query
    .updateTable('subnets')
    .set({
      host_routes: JSON.stringify(routes),
      updated_at: current.updated_at,
      revision_number: current.revision_number,
    })
    .where('id', 'in', eachOf([original.id]))
    .execute();
  changes.record({ kind: 'subnet', action: 'update', id: original.id, original, current });
};

/**
 * Have the routes of `siblings` follow their peers, of which `came` are new and `went` are no more. Those whose routes
 * change get one more revision and are recorded.
 */
export const followPeers = async (
  step: WriteStep,
  siblings: readonly Subnet[],
  {
    came = [],
    went = [],
  }: { readonly came?: readonly RoutedSubnet[]; readonly went?: readonly RoutedSubnet[] },
): Promise<void> => {
  const present = [...siblings, ...came];
  for (const sibling of siblings) {
    const kept = { ...sibling, host_routes: routesBeside(sibling, went) };
    const routes = withPeerRoutes(kept, present);
    if (JSON.stringify(routes) !== JSON.stringify(sibling.host_routes))
      await storeRoutes(step, sibling, routes);
  }
};
