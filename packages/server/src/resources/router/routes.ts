import { contains, type HostRoute, InvalidRoutes, OverQuota, parseIp, type Router } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import { storedCidr } from '../../ipam/ipam-subnet.ts';
import { insertRows } from '../insert.ts';
import { type Attachment, attachmentsOf } from './attachments.ts';
import type { RouterDependencies } from './dependencies.ts';

const keyOf = ({ destination, nexthop }: HostRoute): string => `${destination} ${nexthop}`;

/**
 * Throws ApiError InvalidRoutes where a next hop is in none of the prefixes or is an address of the router itself.
 *
 * @param prefixes of the subnets that the router is in
 */
export const checkRoutes = (
  routes: readonly HostRoute[],
  prefixes: readonly string[],
  attachments: readonly Attachment[],
): void => {
  const cidrs = prefixes.map(storedCidr);
  const own = new Set(attachments.map((one) => one.address));
  for (const { nexthop } of routes) {
    const ip = parseIp(nexthop);
    if (ip === undefined || !cidrs.some((cidr) => contains(cidr, ip)))
      throw InvalidRoutes({ routes, reason: 'the nexthop is not connected with router' });
    if (own.has(ip.text)) throw InvalidRoutes({ routes, reason: 'the nexthop is used by router' });
  }
};

/**
 * Give a router these extra routes in place of those that it has.
 *
 * @returns whether anything changed
 * @throws ApiError InvalidRoutes, OverQuota
 */
export const replaceRoutes = async (
  { config }: Pick<RouterDependencies, 'config'>,
  tx: Transaction,
  { id, routes: before }: Router,
  routes: readonly HostRoute[],
): Promise<boolean> => {
  const attachments = routes.length === 0 ? [] : await attachmentsOf(tx, id);
  checkRoutes(
    routes,
    attachments.map((one) => one.cidr),
    attachments,
  );
  if (config.maxRoutes >= 0 && routes.length > config.maxRoutes) throw OverQuota({ overs: ['router_route'] });
  const had = new Set(before.map(keyOf));
  const wanted = new Set(routes.map(keyOf));
  const gone = before.filter((route) => !wanted.has(keyOf(route)));
  const fresh = routes.filter((route) => !had.has(keyOf(route)));
  if (gone.length > 0) {
    await tx.query
      .deleteFrom('router_routes')
      .where('router_id', '=', id)
      .where((eb) => eb.or(gone.map((route) => eb.and({ ...route }))))
      .execute();
  }
  await insertRows(
    tx,
    'router_routes',
    fresh.map(({ destination, nexthop }) => ({ router_id: id, destination, nexthop })),
  );
  return gone.length + fresh.length > 0;
};

/** Both lists, each route once. */
export const mergedRoutes = (
  old: readonly HostRoute[],
  added: readonly HostRoute[],
): readonly HostRoute[] => [...new Map([...old, ...added].map((route) => [keyOf(route), route])).values()];

/** The first list without the second; what is not there need not be removed. */
export const remainingRoutes = (
  old: readonly HostRoute[],
  removed: readonly HostRoute[],
): readonly HostRoute[] => {
  const gone = new Set(removed.map(keyOf));
  return old.filter((route) => !gone.has(keyOf(route)));
};
