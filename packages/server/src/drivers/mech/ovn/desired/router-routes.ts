import { bfdUuid, defaultRouteUuid, extraRouteUuid, routerPortName } from '../ids.ts';
import type { RouterPortState, RouterState } from '../routing-state.ts';
import { type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

/** A way out of a router. */
interface DefaultRoute {
  readonly prefix: string;
  readonly nexthop: string;
  readonly subnetId: string;
  /** The port of the router whose neighbour is watched; undefined: none is. */
  readonly watched: string | undefined;
}

const routesOf = (port: RouterPortState, bfd: boolean): readonly DefaultRoute[] =>
  port.addresses.flatMap(({ subnet }) =>
    subnet.gatewayIp === undefined
      ? []
      : [
          {
            prefix: subnet.ipVersion === 4 ? '0.0.0.0/0' : '::/0',
            nexthop: subnet.gatewayIp,
            subnetId: subnet.id,
            watched: bfd ? routerPortName(port.id) : undefined,
          },
        ],
  );

/** Ways out by the first gateway, or by all of them at once. Those that differ in nothing are one. */
function defaultRoutes(router: RouterState): readonly DefaultRoute[] {
  const gateways = router.ports.filter((port) => port.gateway);
  const used = router.defaultRouteEcmp ? gateways : gateways.slice(0, 1);
  const routes = used.flatMap((port) => routesOf(port, router.defaultRouteBfd));
  const distinct = new Map(
    routes.map((route) => [`${route.prefix} ${route.nexthop} ${route.watched}`, route]),
  );
  return [...distinct.values()];
}

const defaultRow = (router: RouterState, route: DefaultRoute): DesiredRow<'Logical_Router_Static_Route'> =>
  desiredRow(
    'Logical_Router_Static_Route',
    defaultRouteUuid(router.id, route.prefix, route.nexthop, route.watched),
    {
      ip_prefix: route.prefix,
      nexthop: route.nexthop,
      output_port: route.watched,
      bfd: route.watched === undefined ? undefined : bfdUuid(route.watched, route.nexthop),
      external_ids: stringMap({
        'neutron:is_ext_gw': 'true',
        'neutron:subnet_id': route.subnetId,
        'neutron:is_static_route': 'true',
      }),
    },
  );

const extraRow = (
  router: RouterState,
  { destination, nexthop }: RouterState['routes'][number],
): DesiredRow<'Logical_Router_Static_Route'> =>
  desiredRow('Logical_Router_Static_Route', extraRouteUuid(router.id, destination, nexthop), {
    ip_prefix: destination,
    nexthop,
    output_port: undefined,
    bfd: undefined,
    external_ids: stringMap({ 'neutron:is_static_route': 'true' }),
  });

/** Bears the router's id, so that it is found when nothing refers to it any more. */
const bfdRows = (router: RouterState, routes: readonly DefaultRoute[]): readonly DesiredRow<'BFD'>[] =>
  routes.flatMap(({ watched, nexthop }) =>
    watched === undefined
      ? []
      : [
          desiredRow('BFD', bfdUuid(watched, nexthop), {
            logical_port: watched,
            dst_ip: nexthop,
            external_ids: stringMap({ 'neutron:router_id': router.id }),
          }),
        ],
  );

/** Default and extra routes of a router → Logical_Router_Static_Route, and BFD where default routes are watched. */
export function routerRoutes(router: RouterState): Desired {
  const ways = defaultRoutes(router);
  const rows = [
    ...ways.map((route) => defaultRow(router, route)),
    ...router.routes.map((route) => extraRow(router, route)),
  ];
  return {
    rows: [...bfdRows(router, ways), ...rows],
    members: rows.map((row) => ({
      column: 'Logical_Router.static_routes',
      parent: router.id,
      element: row.uuid ?? '',
    })),
  };
}
