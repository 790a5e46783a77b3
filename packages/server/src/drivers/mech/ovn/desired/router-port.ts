import { routerName, routerPortName, routerPortUuid, switchName } from '../ids.ts';
import type { RouterPortState, RouterState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { gatewayGroupOf } from './gateway-group.ts';
import { raConfigs } from './ra-configs.ts';
import { type DesiredRow, desiredRow, stringMap } from './row.ts';

const onVlan = (port: RouterPortState): boolean => port.networkType === 'flat' || port.networkType === 'vlan';

/** Packets of a network on VLANs reach its router's own chassis only where nothing of the router needs tunnels. */
function residesOnRedirectChassis(
  port: RouterPortState,
  inner: readonly RouterPortState[],
  distributed: boolean,
): string | undefined {
  if (!onVlan(port)) return undefined;
  return String(!distributed || inner.some((other) => !onVlan(other)));
}

const mtuOf = (port: RouterPortState, inner: readonly RouterPortState[]): number =>
  Math.min(port.networkMtu, ...inner.map((other) => other.networkMtu));

function optionsOf(
  router: RouterState,
  port: RouterPortState,
  distributed: boolean,
): ReadonlyMap<string, string> {
  const inner = router.ports.filter((other) => !other.gateway);
  const bridged = port.gateway && distributed && inner.length > 0 && inner.every(onVlan);
  return stringMap({
    'reside-on-redirect-chassis': residesOnRedirectChassis(port, inner, distributed),
    gateway_mtu: port.gateway ? String(mtuOf(port, inner)) : undefined,
    'redirect-type': bridged ? 'bridged' : undefined,
  });
}

const networkOf = ({ address, subnet }: RouterPortState['addresses'][number]): string =>
  `${address}/${subnet.cidr.split('/')[1]}`;

/** A port of a router, which must have an address → Logical_Router_Port. */
export const routerPortRow = (
  router: RouterState,
  port: RouterPortState,
  settings: OvnSettings,
): DesiredRow<'Logical_Router_Port'> =>
  desiredRow('Logical_Router_Port', routerPortUuid(port.id), {
    name: routerPortName(port.id),
    mac: port.mac,
    networks: new Set(port.addresses.map(networkOf)),
    ha_chassis_group: port.gateway ? gatewayGroupOf(router) : undefined,
    ipv6_ra_configs: raConfigs(port, settings),
    options: optionsOf(router, port, settings.distributedFloatingIp),
    external_ids: stringMap({
      'neutron:revision_number': String(port.revision),
      'neutron:subnet_ids': [...new Set(port.addresses.map(({ subnet }) => subnet.id))].join(' '),
      'neutron:network_name': switchName(port.networkId),
      'neutron:is_ext_gw': port.gateway ? 'True' : 'False',
      'neutron:router_name': routerName(router.id),
    }),
  });
