import type { QosState } from './qos-state.ts';
import type { FloatingIpState, RouterState, RouteState } from './routing-state.ts';

/**
 * SQL state in the form that the OVN mapping reads: typed, decoded, and all that a set of keys needs. Made by the
 * snapshot loader; read by `desired/`. An id that is not in a map does not exist in SQL.
 */
export interface Snapshot {
  readonly addressGroups: ReadonlyMap<string, AddressGroupState>;
  readonly networks: ReadonlyMap<string, NetworkState>;
  /** By network. */
  readonly externalPorts: ReadonlyMap<string, ExternalPortsState>;
  /** By network. */
  readonly names: ReadonlyMap<string, NamesState>;
  readonly subnets: ReadonlyMap<string, SubnetState>;
  readonly ports: ReadonlyMap<string, PortState>;
  readonly securityGroups: ReadonlyMap<string, SecurityGroupState>;
  readonly routers: ReadonlyMap<string, RouterState>;
  readonly logging: LoggingState;
  readonly floatingIps: ReadonlyMap<string, FloatingIpState>;
}

/** Chassis that answer for the external ports of a network. */
export interface ExternalPortsState {
  readonly networkId: string;
  readonly availabilityZoneHints: readonly string[];
  readonly groups: readonly {
    /** The port that they are chosen for; '' for all that have none of their own. */
    readonly portId: string;
    readonly chassis: readonly { readonly name: string; readonly priority: number }[];
  }[];
  /** The router whose gateway they carry. */
  readonly routerId: string | undefined;
}

export interface AddressGroupState {
  readonly id: string;
  readonly revision: number;
  /** Canonical prefixes of both IP versions. */
  readonly addresses: readonly string[];
}

export interface SegmentState {
  readonly id: string;
  readonly networkType: string;
  readonly physicalNetwork: string | undefined;
  readonly segmentationId: number | undefined;
}

export interface NetworkState {
  readonly id: string;
  readonly name: string;
  readonly mtu: number;
  readonly revision: number;
  readonly external: boolean;
  readonly vlanTransparent: boolean;
  readonly availabilityZoneHints: readonly string[];
  /** Static segments in order. */
  readonly segments: readonly SegmentState[];
}

/** Ports of a network that machines find by name. */
export interface NamesState {
  readonly networkId: string;
  /** Of the network; with a dot at its end, or empty. */
  readonly domain: string;
  readonly ports: readonly NamedPortState[];
}

/** A port with a name and a device. */
export interface NamedPortState {
  readonly projectId: string;
  readonly name: string;
  /** Its own; with a dot at its end, or empty. */
  readonly domain: string;
  readonly addresses: readonly string[];
}

export interface SubnetState {
  readonly id: string;
  readonly networkId: string;
  readonly networkMtu: number;
  readonly revision: number;
  readonly ipVersion: 4 | 6;
  readonly cidr: string;
  readonly gatewayIp: string | undefined;
  readonly dhcp: boolean;
  readonly addressMode: string | undefined;
  readonly nameservers: readonly string[];
  readonly hostRoutes: readonly RouteState[];
  /** Address of the network's metadata port in this subnet. */
  readonly metadataIp: string | undefined;
}

export interface AddressState {
  readonly subnetId: string;
  readonly address: string;
}

export interface AddressPairState {
  readonly mac: string;
  /** Address or CIDR, as given. */
  readonly address: string;
}

export interface DhcpOptState {
  readonly name: string;
  readonly value: string;
  readonly ipVersion: 4 | 6;
}

/** The ACTIVE binding. */
export interface BindingState {
  /** Empty while no host is known. */
  readonly host: string;
  readonly vnicType: string;
  readonly vifType: string;
  readonly profile: { readonly [key: string]: unknown };
}

export interface PortState {
  readonly id: string;
  readonly networkId: string;
  readonly networkMtu: number;
  readonly projectId: string;
  readonly name: string;
  readonly mac: string;
  readonly adminUp: boolean;
  readonly status: string;
  readonly deviceId: string;
  readonly deviceOwner: string;
  readonly portSecurity: boolean;
  readonly revision: number;
  readonly extraDhcpOpts: readonly DhcpOptState[];
  /** In the order of the API's fixed_ips. */
  readonly addresses: readonly AddressState[];
  readonly addressPairs: readonly AddressPairState[];
  readonly securityGroups: readonly string[];
  readonly binding: BindingState;
  /** Host of the chassis that has the profile's `card_serial_number`; only for vnic type remote-managed. */
  readonly cardHost: string | undefined;
  /** What its own policy, or else its network's, says; undefined: neither has one. */
  readonly qos: QosState | undefined;
  /** The first of the floating IPs that lead to the port. */
  readonly floatingAddress: string | undefined;
  /** The router that has the port. */
  readonly router: { readonly id: string; readonly gateway: boolean } | undefined;
  /** What chooses the chassis that answer for an external port: the port itself, its network (''), or nothing yet. */
  readonly externalGroup: string | undefined;
  /** Ports of the network that may also use one of this port's addresses, per address. */
  readonly parents: ReadonlyMap<string, readonly string[]>;
}

export interface RuleState {
  readonly id: string;
  readonly direction: 'ingress' | 'egress';
  readonly ipVersion: 4 | 6;
  /** Lower-case name or number. */
  readonly protocol: string | undefined;
  readonly portMin: number | undefined;
  readonly portMax: number | undefined;
  readonly remoteGroupId: string | undefined;
  readonly remoteAddressGroupId: string | undefined;
  /** `network/prefix` without host bits. */
  readonly remoteCidr: string | undefined;
}

/** A log that is enabled. */
export interface LogState {
  readonly id: string;
  readonly event: 'ACCEPT' | 'DROP' | 'ALL';
  /** About every group there is. */
  readonly allProjects: boolean;
}

/** Logs in general. */
export interface LoggingState {
  /** Whether there is any log, enabled or not. */
  readonly any: boolean;
  /** Enabled ones about every group there is, oldest first. */
  readonly everywhere: readonly LogState[];
}

export interface SecurityGroupState {
  readonly id: string;
  readonly stateful: boolean;
  /** Oldest first. */
  readonly rules: readonly RuleState[];
  /** Enabled ones that reach it, oldest first. */
  readonly logs: readonly LogState[];
}
