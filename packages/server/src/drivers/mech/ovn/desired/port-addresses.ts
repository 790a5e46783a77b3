import type { PortState } from '../state.ts';
import { isTrusted } from './port-type.ts';

/** Logical_Switch_Port.port_security: the source addresses that the port may use; empty: any. */
export function portSecurity(port: PortState): ReadonlySet<string> {
  if (!port.portSecurity || isTrusted(port)) return new Set();
  const pairs = port.addressPairs;
  const own = pairs.filter((pair) => pair.mac === port.mac).map((pair) => pair.address);
  const entries = [[port.mac, ...port.addresses.map(({ address }) => address), ...own].join(' ')];
  for (const pair of pairs) {
    if (pair.mac === port.mac) continue;
    entries.push(`VRRPv3 ${port.mac} ${pair.mac} ${pair.address}`, `${pair.mac} ${pair.address}`);
  }
  return new Set(entries);
}

/** A virtual IP of the Octavia provider: the load balancer answers for it, not a port. */
const isLoadBalancerAddress = (port: PortState): boolean =>
  port.name.startsWith('ovn-lb-vip-') && port.deviceOwner === '' && port.binding.host === '';

/** Logical_Switch_Port.addresses: where packets for which MAC are delivered. */
export function portAddresses(
  port: PortState,
  type: string,
  security: ReadonlySet<string>,
  hasDhcp: boolean,
): ReadonlySet<string> {
  if (type === 'vtep') return new Set(['unknown']);
  if (type === 'router') return new Set(['router']);
  if (isLoadBalancerAddress(port)) return new Set();
  const known =
    security.size > 0 || type !== '' || hasDhcp || port.deviceOwner === 'network:vpn_router_gateway';
  const addresses = new Set<string>();
  if (known) {
    addresses.add([port.mac, ...port.addresses.map(({ address }) => address)].join(' '));
    for (const pair of port.addressPairs) if (pair.mac !== port.mac) addresses.add(pair.mac);
  }
  if (security.size === 0 && type === '') addresses.add('unknown');
  return addresses;
}
