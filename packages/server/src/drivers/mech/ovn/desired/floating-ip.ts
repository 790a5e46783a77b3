import { routerName, routerPortUuid } from '../ids.ts';
import type { FloatingIpState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { portForwarding } from './port-forwarding.ts';
import { floatingIpQos } from './routing-qos.ts';
import { combined, type Desired, desiredRow, nothing, stringMap } from './row.ts';

/** Translation between a floating IP and the address that it is associated with → NAT. */
function translation(floatingIp: FloatingIpState, settings: OvnSettings): Desired {
  const { fixed, routerId, gatewayPort } = floatingIp;
  if (fixed === undefined || routerId === undefined) return nothing;
  const distributed = settings.distributedFloatingIp;
  const row = desiredRow('NAT', floatingIp.id, {
    type: 'dnat_and_snat',
    external_ip: floatingIp.address,
    logical_ip: fixed.address,
    logical_port: fixed.portId,
    // With it the chassis of the port answers for the address, as long as the port is there.
    external_mac: distributed && fixed.onChassis ? floatingIp.mac : undefined,
    gateway_port: distributed && gatewayPort !== undefined ? routerPortUuid(gatewayPort) : undefined,
    options: stringMap({ stateless: String(settings.statelessNat) }),
    external_ids: stringMap({
      'neutron:fip_id': floatingIp.id,
      'neutron:revision_number': String(floatingIp.revision),
      'neutron:fip_port_id': fixed.portId,
      'neutron:router_name': routerName(routerId),
      'neutron:fip_external_mac': floatingIp.mac,
      'neutron:fip_network_id': floatingIp.networkId,
    }),
  });
  return {
    rows: [row],
    members: [{ column: 'Logical_Router.nat', parent: routerId, element: floatingIp.id }],
  };
}

/** Floating IP → NAT, a Load_Balancer for each protocol of its port forwardings, and QoS. */
export const desiredFloatingIp = (floatingIp: FloatingIpState, settings: OvnSettings): Desired =>
  combined([
    translation(floatingIp, settings),
    portForwarding(floatingIp),
    floatingIpQos(floatingIp, settings),
  ]);
