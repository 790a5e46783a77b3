/** Who owns a port, by the `device_owner` values of the reference. */
export const DHCP = 'network:dhcp';
export const DISTRIBUTED = 'network:distributed';
export const AGENT_GATEWAY = 'network:floatingip_agent_gateway';
export const ROUTER_GATEWAY = 'network:router_gateway';
export const FLOATING_IP = 'network:floatingip';

/** Owners of the ports that a router has in its internal networks. */
export const ROUTER_INTERFACES: readonly string[] = [
  'network:router_interface',
  'network:ha_router_replicated_interface',
  'network:router_interface_distributed',
];
const ROUTER_SNAT = 'network:router_centralized_snat';
const ROUTER_HA = 'network:router_ha_interface';

/** Owners of ports that go away with their network or subnet. */
export const AUTO_DELETED: readonly string[] = [DHCP, DISTRIBUTED, AGENT_GATEWAY];

/** Router ports that use addresses like any other, also in subnets with automatic addresses. */
export const isRouterInternal = (owner: string): boolean =>
  owner === ROUTER_SNAT || ROUTER_INTERFACES.includes(owner);

export const isRouterInterface = (owner: string): boolean => ROUTER_INTERFACES.includes(owner);

/** Any port of a router. */
export const isRouterPort = (owner: string): boolean => owner === ROUTER_GATEWAY || isRouterInternal(owner);

/** Ports that only the router or floating IP API may delete. */
export const isL3Owned = (owner: string): boolean =>
  owner === FLOATING_IP || owner === ROUTER_HA || isRouterPort(owner);

/** Ports of network services: no security groups, no anti-spoofing. */
export const isTrusted = (owner: string): boolean => owner.startsWith('network:');

/** Ports of services that no floating IP or port forwarding leads to. */
export const isOutOfReach = (owner: string): boolean => isTrusted(owner) && !isRouterInterface(owner);

/** Owners whose ports take the lowest free address. */
export const takesNextAddress = (owner: string): boolean => owner === DHCP || owner === DISTRIBUTED;
