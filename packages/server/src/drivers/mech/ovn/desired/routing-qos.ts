import { gatewayBindingNames } from '../ids.ts';
import type { FloatingIpState, RouterState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { limitRows, throughPort } from './limits.ts';
import { combined, type Desired, type DesiredRow, nothing } from './row.ts';

const GATEWAY = 2002;
/** Before what is said of the gateway as a whole. */
const FLOATING_IP = 2003;

const inSwitch = (networkId: string, rows: readonly DesiredRow<'QoS'>[]): Desired => ({
  rows,
  members: rows.map((row) => ({
    column: 'Logical_Switch.qos_rules',
    parent: networkId,
    element: row.uuid ?? '',
  })),
});

/** Policies of a router's gateways → QoS rows of their networks' switches. */
export const gatewayQos = (router: RouterState): Desired =>
  combined(
    router.ports.map(({ id, gateway, networkId, addresses, qos }) => {
      // OVN knows no port of a router without an address.
      if (!gateway || qos === undefined || addresses.length === 0) return nothing;
      const owner = { 'neutron:router_id': router.id };
      return inSwitch(networkId, limitRows({ id, priority: GATEWAY, match: throughPort(id), owner }, qos));
    }),
  );

/** The port that is where the address is translated: that of the machine, or the one that stands for the gateway. */
const residentOf = (floatingIp: FloatingIpState, outer: string, settings: OvnSettings): string => {
  const { fixed, gatewayPort } = floatingIp;
  const onGroup = gatewayPort !== undefined;
  if (settings.distributedFloatingIp && onGroup && fixed?.onChassis === true) return fixed.portId;
  const [redirect, whole] = gatewayBindingNames(outer);
  return onGroup ? redirect : whole;
};

/** Policy of a floating IP that a router translates → QoS rows of its network's switch, where the router's gateway is. */
export function floatingIpQos(floatingIp: FloatingIpState, settings: OvnSettings): Desired {
  const { id, address, networkId, routerId, outerPort, qos } = floatingIp;
  if (qos === undefined || routerId === undefined || outerPort === undefined) return nothing;
  const through = throughPort(outerPort);
  const resident = `is_chassis_resident("${residentOf(floatingIp, outerPort, settings)}")`;
  const match = {
    egress: `${through.egress} && ip4.src == ${address} && ${resident}`,
    ingress: `${through.ingress} && ip4.dst == ${address} && ${resident}`,
  };
  const owner = { 'neutron:fip_id': id };
  return inSwitch(networkId, limitRows({ id, priority: FLOATING_IP, match, owner }, qos));
}
