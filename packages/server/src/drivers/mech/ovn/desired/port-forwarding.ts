import { forwardingName, forwardingUuid, routerName } from '../ids.ts';
import type { FloatingIpState, PortForwardingState } from '../routing-state.ts';
import { combined, type Desired, desiredRow, nothing, stringMap } from './row.ts';

/** OVN's names of the protocols that it balances. */
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** Each external port with where it leads: to the port as far into the internal range, or to the only one. */
function vipsOf(address: string, forwardings: readonly PortForwardingState[]): ReadonlyMap<string, string> {
  const vips = new Map<string, string>();
  for (const forwarding of forwardings)
    for (let port = forwarding.externalFirst; port <= forwarding.externalLast; port += 1) {
      const inner = Math.min(
        forwarding.internalFirst + port - forwarding.externalFirst,
        forwarding.internalLast,
      );
      vips.set(`${address}:${port}`, `${forwarding.internalAddress}:${inner}`);
    }
  return vips;
}

function balancer(
  floatingIp: FloatingIpState,
  routerId: string,
  protocol: Protocol,
  forwardings: readonly PortForwardingState[],
): Desired {
  const element = forwardingUuid(floatingIp.id, protocol);
  const row = desiredRow('Load_Balancer', element, {
    name: forwardingName(floatingIp.id, protocol),
    protocol,
    vips: vipsOf(floatingIp.address, forwardings),
    external_ids: stringMap({
      'neutron:device_owner': 'port_forwarding_plugin',
      'neutron:fip_id': floatingIp.id,
      'neutron:router_name': routerName(routerId),
      'neutron:revision_number': String(floatingIp.revision),
    }),
  });
  return {
    rows: [row],
    members: [
      { column: 'Logical_Router.load_balancer', parent: routerId, element },
      ...floatingIp.innerNetworks.map((parent) => ({
        column: 'Logical_Switch.load_balancer' as const,
        parent,
        element,
      })),
    ],
  };
}

/** Port forwardings of a floating IP → one Load_Balancer for each protocol, at the router and the switches inside. */
export function portForwarding(floatingIp: FloatingIpState): Desired {
  const { routerId, forwardings } = floatingIp;
  if (routerId === undefined || forwardings.length === 0) return nothing;
  const byProtocol = Map.groupBy(forwardings, ({ protocol }) => protocol);
  return combined(
    PROTOCOLS.flatMap((protocol) => {
      const own = byProtocol.get(protocol);
      return own === undefined ? [] : [balancer(floatingIp, routerId, protocol, own)];
    }),
  );
}
