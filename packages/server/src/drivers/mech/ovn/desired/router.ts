import { routerName } from '../ids.ts';
import type { RouterState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { gatewayGroup, isTunnelled } from './gateway-group.ts';
import { routerPortRow } from './router-port.ts';
import { routerRoutes } from './router-routes.ts';
import { routerSnat } from './router-snat.ts';
import { gatewayQos } from './routing-qos.ts';
import { combined, type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

function routerRow(router: RouterState, settings: OvnSettings): DesiredRow<'Logical_Router'> {
  return desiredRow('Logical_Router', router.id, {
    name: routerName(router.id),
    enabled: router.adminUp,
    options: stringMap({
      always_learn_from_arp_request: 'false',
      dynamic_neigh_routers: 'true',
      mac_binding_age_threshold: String(settings.macBindingAgeThreshold),
      // A router whose gateways have no physical network is on one chassis as a whole.
      chassis: isTunnelled(router) ? router.chassis[0]?.name : undefined,
    }),
    external_ids: stringMap({
      'neutron:router_name': router.name,
      'neutron:revision_number': String(router.revision),
      'neutron:availability_zone_hints': router.availabilityZoneHints.join(','),
    }),
  });
}

/** Ports of the router. OVN knows none without an address, as a gateway in a network without subnets is. */
function routerPorts(router: RouterState, settings: OvnSettings): Desired {
  const rows = router.ports
    .filter((port) => port.addresses.length > 0)
    .map((port) => routerPortRow(router, port, settings));
  return {
    rows,
    members: rows.map((row) => ({
      column: 'Logical_Router.ports',
      parent: router.id,
      element: row.uuid ?? '',
    })),
  };
}

/** Router → Logical_Router with its ports, routes and rules, and the chassis that may carry its gateways. */
export const desiredRouter = (router: RouterState, settings: OvnSettings): Desired =>
  combined([
    { rows: [routerRow(router, settings)], members: [] },
    gatewayGroup(router),
    routerPorts(router, settings),
    routerRoutes(router),
    routerSnat(router, settings),
    gatewayQos(router),
  ]);
