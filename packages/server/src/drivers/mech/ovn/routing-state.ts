import type { QosState } from './qos-state.ts';

/** SQL state of routing, in the form that the OVN mapping reads. */

export interface RouteState {
  readonly destination: string;
  readonly nexthop: string;
}

/** A subnet as routers see it. */
export interface RouterSubnetState {
  readonly id: string;
  readonly ipVersion: 4 | 6;
  readonly cidr: string;
  readonly gatewayIp: string | undefined;
  readonly addressMode: string | undefined;
  readonly nameservers: readonly string[];
}

/** An address of a router's port. */
export interface RouterAddressState {
  readonly address: string;
  readonly subnet: RouterSubnetState;
}

/** A port of a router: an interface in an internal network, or a gateway. */
export interface RouterPortState {
  readonly id: string;
  readonly mac: string;
  readonly revision: number;
  readonly gateway: boolean;
  readonly networkId: string;
  readonly networkMtu: number;
  /** `router:external`. */
  readonly networkExternal: boolean;
  /** Type of the network's only segment; the empty string when it has none or several. */
  readonly networkType: string;
  /** Whether the network has a segment on a physical network. */
  readonly physical: boolean;
  /** In the order of the API's fixed_ips. */
  readonly addresses: readonly RouterAddressState[];
  /** Of a gateway: what its own policy, or else its network's, says; undefined: neither has one. */
  readonly qos: QosState | undefined;
}

/** A chassis that may carry a router's gateways. */
export interface GatewayChassisState {
  readonly name: string;
  readonly priority: number;
}

export interface RouterState {
  readonly id: string;
  readonly name: string;
  readonly adminUp: boolean;
  readonly snat: boolean;
  readonly defaultRouteBfd: boolean;
  readonly defaultRouteEcmp: boolean;
  readonly availabilityZoneHints: readonly string[];
  readonly revision: number;
  /** Gateways in their order, then interfaces. */
  readonly ports: readonly RouterPortState[];
  /** Extra routes. */
  readonly routes: readonly RouteState[];
  /** First choice first. */
  readonly chassis: readonly GatewayChassisState[];
}

/** Ports of a floating IP that lead inside. */
export interface PortForwardingState {
  readonly protocol: string;
  readonly externalFirst: number;
  readonly externalLast: number;
  readonly internalAddress: string;
  readonly internalFirst: number;
  readonly internalLast: number;
}

export interface FloatingIpState {
  readonly id: string;
  readonly address: string;
  readonly networkId: string;
  /** MAC address of the port that holds the address. */
  readonly mac: string;
  readonly revision: number;
  /** The router that translates. */
  readonly routerId: string | undefined;
  /** What it is associated with. `onChassis`: the port carries traffic, on one chassis; a router's is on all. */
  readonly fixed:
    | { readonly portId: string; readonly address: string; readonly onChassis: boolean }
    | undefined;
  /** The router's gateway to the floating IP's network, when chassis of a group carry it. */
  readonly gatewayPort: string | undefined;
  /** The router's gateway to the floating IP's network, whatever carries it. */
  readonly outerPort: string | undefined;
  /** What its own policy, or else its network's, says; undefined: neither has one. */
  readonly qos: QosState | undefined;
  /** Oldest first. */
  readonly forwardings: readonly PortForwardingState[];
  /** Networks from which the router is reached; known when there are forwardings. */
  readonly innerNetworks: readonly string[];
}
