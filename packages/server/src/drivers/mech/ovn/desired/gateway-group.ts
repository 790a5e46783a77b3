import { gatewayChassisUuid, gatewayGroupUuid, routerName } from '../ids.ts';
import type { RouterState } from '../routing-state.ts';
import { type Desired, desiredRow, nothing, stringMap } from './row.ts';

const gatewaysOf = (router: RouterState) => router.ports.filter((port) => port.gateway);

/** Whether all gateways of a router that has some are on networks that no physical network carries. */
export const isTunnelled = (router: RouterState): boolean =>
  gatewaysOf(router).length > 0 && gatewaysOf(router).every((port) => !port.physical);

/** Whether there is a group of chassis for the router's gateways. */
const isHosted = (router: RouterState): boolean => gatewaysOf(router).length > 0 && router.chassis.length > 0;

/** What the gateway ports of a router refer to: northd takes a group or a chassis for the whole router, not both. */
export const gatewayGroupOf = (router: RouterState): string | undefined =>
  isHosted(router) && !isTunnelled(router) ? gatewayGroupUuid(router.id) : undefined;

/** Chassis that may carry a router's gateways → HA_Chassis_Group. */
export function gatewayGroup(router: RouterState): Desired {
  if (!isHosted(router)) return nothing;
  const parent = gatewayGroupUuid(router.id);
  const chassis = router.chassis.map(({ name, priority }) =>
    desiredRow('HA_Chassis', gatewayChassisUuid(router.id, name), { chassis_name: name, priority }),
  );
  const group = desiredRow('HA_Chassis_Group', parent, {
    name: routerName(router.id),
    external_ids: stringMap({
      'neutron:availability_zone_hints': router.availabilityZoneHints.join(','),
      'neutron:router_id': router.id,
    }),
  });
  return {
    rows: [group, ...chassis],
    members: chassis.map((row) => ({
      column: 'HA_Chassis_Group.ha_chassis',
      parent,
      element: row.uuid ?? '',
    })),
  };
}
