import type { FlavorServiceProfilesTable, FlavorsTable, ServiceProfilesTable } from './flavor-tables.ts';
import type { LogsTable } from './log-tables.ts';
import type {
  QosNetworkPoliciesTable,
  QosPoliciesTable,
  QosPortPoliciesTable,
  QosRulesTable,
} from './qos-tables.ts';

import type {
  AutoAllocatedTopologiesTable,
  HostPhysicalNetworksTable,
  NetworkSegmentRangesTable,
  NetworkSegmentsTable,
  SegmentAllocationsTable,
} from './segment-tables.ts';
import type {
  DutiesTable,
  JournalTable,
  NovaEventsTable,
  PortTimelinesTable,
  QuotasTable,
  RbacEntriesTable,
  SecurityGroupDefaultStatefulnessTable,
  TagsTable,
} from './service-tables.ts';

export type {
  DutiesTable,
  JournalTable,
  NovaEventsTable,
  PortTimelinesTable,
  QuotasTable,
  RbacEntriesTable,
  TagsTable,
} from './service-tables.ts';

/**
 * The SQL schema as Kysely sees it. Conventions, equal in both dialects: ids are text UUIDs; flags are integers 0/1;
 * times are ISO 8601 text (`2026-11-21T03:27:00Z`); lists that are never searched are JSON text; addresses are
 * canonical text.
 */
export type Flag = 0 | 1;
/** JSON text. */
export type Json = string;

interface StandardColumns {
  id: string;
  project_id: string;
  description: string;
  created_at: string;
  updated_at: string;
  revision_number: number;
}

export interface NetworksTable extends StandardColumns {
  name: string;
  admin_state_up: Flag;
  status: string;
  mtu: number;
  port_security_enabled: Flag;
  /** router:external */
  external: Flag;
  is_default: Flag;
  vlan_transparent: Flag | null;
  availability_zone_hints: Json;
  dns_domain: string;
}

export interface SubnetsTable extends StandardColumns {
  network_id: string;
  name: string;
  ip_version: 4 | 6;
  cidr: string;
  gateway_ip: string | null;
  enable_dhcp: Flag;
  ipv6_ra_mode: string | null;
  ipv6_address_mode: string | null;
  subnetpool_id: string | null;
  segment_id: string | null;
  /** [{ start, end }] in order of address */
  allocation_pools: Json;
  /** [address] in order of preference */
  dns_nameservers: Json;
  /** [{ destination, nexthop }] */
  host_routes: Json;
  service_types: Json;
  dns_publish_fixed_ip: Flag;
}

export interface PortsTable extends StandardColumns {
  network_id: string;
  name: string;
  mac_address: string;
  admin_state_up: Flag;
  status: string;
  device_id: string;
  device_owner: string;
  port_security_enabled: Flag;
  /** [{ opt_name, opt_value, ip_version }] */
  extra_dhcp_opts: Json;
  /** immediate | deferred | none */
  ip_allocation: string;
  dns_name: string;
  dns_domain: string;
  /** What differs from other ports in what the service only keeps. */
  traits: Json;
}

/** Addresses in use. Unique: (subnet_id, ip_sort). */
export interface IpAllocationsTable {
  port_id: string;
  network_id: string;
  subnet_id: string;
  ip_address: string;
  /** The address as lower-case hexadecimal text of fixed width (8 digits IPv4, 32 IPv6), so that text order is address order. */
  ip_sort: string;
  /** Order within the port's fixed_ips. */
  position: number;
}

export interface AllowedAddressPairsTable {
  port_id: string;
  network_id: string;
  mac_address: string;
  /** Address or CIDR, as the API shows it. */
  ip_address: string;
}

export interface PortSecurityGroupsTable {
  port_id: string;
  security_group_id: string;
}

/** Key: (port_id, host). At most one ACTIVE row a port. */
export interface PortBindingsTable {
  port_id: string;
  host: string;
  /** ACTIVE | INACTIVE */
  status: string;
  vnic_type: string;
  profile: Json;
  vif_type: string;
  vif_details: Json;
}

export interface PortBindingLevelsTable {
  port_id: string;
  host: string;
  level: number;
  driver: string;
  segment_id: string;
}

export interface SecurityGroupsTable extends StandardColumns {
  name: string;
  stateful: Flag;
}

/** One row a project: its `default` group. */
export interface DefaultSecurityGroupsTable {
  project_id: string;
  security_group_id: string;
}

export interface SecurityGroupRulesTable extends StandardColumns {
  security_group_id: string;
  direction: string;
  ethertype: string;
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  remote_group_id: string | null;
  remote_address_group_id: string | null;
  remote_ip_prefix: string | null;
  /** The remote prefix without host bits. */
  normalized_cidr: string | null;
  /** Canonical text of everything that makes two rules of a group the same. Unique with security_group_id. */
  fingerprint: string;
}

/** Templates that rules of new groups are made from. */
export interface DefaultSecurityGroupRulesTable {
  id: string;
  description: string;
  direction: string;
  ethertype: string;
  protocol: string | null;
  port_range_min: number | null;
  port_range_max: number | null;
  /** A group id, `PARENT` for the new group itself, or null. */
  remote_group_id: string | null;
  remote_address_group_id: string | null;
  remote_ip_prefix: string | null;
  used_in_default_sg: Flag;
  used_in_non_default_sg: Flag;
  created_at: string;
  updated_at: string;
  revision_number: number;
}

export interface RoutersTable extends StandardColumns {
  name: string;
  admin_state_up: Flag;
  /** ACTIVE | DOWN | ERROR */
  status: string;
  enable_snat: Flag;
  /** Whether further chassis stand by for the one that carries the gateways. */
  ha: Flag;
  enable_default_route_bfd: Flag;
  enable_default_route_ecmp: Flag;
  availability_zone_hints: Json;
  flavor_id: string | null;
}

/** Extra routes. Key: all columns. */
export interface RouterRoutesTable {
  router_id: string;
  destination: string;
  nexthop: string;
}

/** The ports of a router. Key: port_id. A port leaves with its row in `ports`. */
export interface RouterPortsTable {
  port_id: string;
  router_id: string;
  /** network:router_interface | network:router_gateway */
  port_type: string;
  /** Order among the gateways; the lowest is the one that `external_gateway_info` shows. 0 for interfaces. */
  position: number;
  /** Of a gateway: its own policy of quality of service. */
  qos_policy_id: string | null;
}

/** Chassis that may answer for external ports; the highest priority does while it lives. Key: all but the priority. */
export interface ExternalPortHostsTable {
  network_id: string;
  /** The port that they are chosen for; '' for all of the network that have none of their own. */
  port_id: string;
  /** Name in OVN. */
  chassis_name: string;
  priority: number;
  /** The router whose gateway they carry, '' when they were chosen without one. */
  router_id: string;
}

/** Chassis that may carry a router's gateway; the highest priority carries it while it lives. Key: (router_id, chassis_name). */
export interface GatewaySchedulesTable {
  router_id: string;
  /** Name in OVN. */
  chassis_name: string;
  /** From 1. */
  priority: number;
}

/** Unique: (fixed_port_id, fixed_ip_address, floating_network_id), floating_port_id. */
export interface FloatingIpsTable extends StandardColumns {
  floating_network_id: string;
  floating_ip_address: string;
  /** The port of owner network:floatingip that holds the address. */
  floating_port_id: string;
  /** The port that it is associated with; both or neither of this and `fixed_ip_address`. */
  fixed_port_id: string | null;
  fixed_ip_address: string | null;
  /** The router that translates: of the association, or of the port forwardings. */
  router_id: string | null;
  last_known_router_id: string | null;
  /** ACTIVE | DOWN | ERROR */
  status: string;
  /** Both or neither of this and `dns_domain`. */
  dns_name: string;
  dns_domain: string;
  /** Its own policy of quality of service. */
  qos_policy_id: string | null;
}

/** Ports of a floating IP that lead inside. A single port is a range of one. Unique: (floatingip_id, protocol, external_port_start). */
export interface PortForwardingsTable extends StandardColumns {
  floatingip_id: string;
  /** tcp | udp | sctp | dccp */
  protocol: string;
  external_port_start: number;
  external_port_end: number;
  internal_port_id: string;
  internal_ip_address: string;
  /** As long as the external range, or one port that the whole external range leads to. */
  internal_port_start: number;
  internal_port_end: number;
}

export interface AddressGroupsTable extends StandardColumns {
  name: string;
}

/** Key: (address_group_id, address). */
export interface AddressGroupAddressesTable {
  address_group_id: string;
  /** Canonical prefix, of either IP version. */
  address: string;
}

/** Unique: port_id. */
export interface TrunksTable extends StandardColumns {
  name: string;
  admin_state_up: Flag;
  /** The parent. */
  port_id: string;
  /** ACTIVE | DOWN | BUILD | DEGRADED | ERROR */
  status: string;
}

/** Key: port_id. Unique: (trunk_id, segmentation_type, segmentation_id). */
export interface TrunkSubPortsTable {
  port_id: string;
  trunk_id: string;
  /** vlan */
  segmentation_type: string;
  segmentation_id: number;
}

export interface AddressScopesTable {
  id: string;
  project_id: string;
  name: string;
  ip_version: 4 | 6;
}

export interface SubnetpoolsTable extends StandardColumns {
  name: string;
  ip_version: 4 | 6;
  /** [canonical prefix] in order of address; they neither overlap nor could be written shorter. */
  prefixes: Json;
  default_quota: number | null;
  default_prefixlen: number;
  min_prefixlen: number;
  max_prefixlen: number;
  /** At most one row of each IP version has 1. */
  is_default: Flag;
  address_scope_id: string | null;
}

export interface Tables {
  networks: NetworksTable;
  network_segments: NetworkSegmentsTable;
  segment_allocations: SegmentAllocationsTable;
  subnets: SubnetsTable;
  ports: PortsTable;
  ip_allocations: IpAllocationsTable;
  allowed_address_pairs: AllowedAddressPairsTable;
  port_security_groups: PortSecurityGroupsTable;
  port_bindings: PortBindingsTable;
  port_binding_levels: PortBindingLevelsTable;
  security_groups: SecurityGroupsTable;
  default_security_groups: DefaultSecurityGroupsTable;
  security_group_rules: SecurityGroupRulesTable;
  default_security_group_rules: DefaultSecurityGroupRulesTable;
  security_group_default_statefulness: SecurityGroupDefaultStatefulnessTable;
  routers: RoutersTable;
  router_routes: RouterRoutesTable;
  router_ports: RouterPortsTable;
  gateway_schedules: GatewaySchedulesTable;
  external_port_hosts: ExternalPortHostsTable;
  floating_ips: FloatingIpsTable;
  port_forwardings: PortForwardingsTable;
  address_groups: AddressGroupsTable;
  address_group_addresses: AddressGroupAddressesTable;
  trunks: TrunksTable;
  trunk_sub_ports: TrunkSubPortsTable;
  address_scopes: AddressScopesTable;
  subnetpools: SubnetpoolsTable;
  qos_policies: QosPoliciesTable;
  qos_rules: QosRulesTable;
  qos_port_policies: QosPortPoliciesTable;
  qos_network_policies: QosNetworkPoliciesTable;
  flavors: FlavorsTable;
  service_profiles: ServiceProfilesTable;
  flavor_service_profiles: FlavorServiceProfilesTable;
  host_physical_networks: HostPhysicalNetworksTable;
  network_segment_ranges: NetworkSegmentRangesTable;
  auto_allocated_topologies: AutoAllocatedTopologiesTable;
  rbac_entries: RbacEntriesTable;
  logs: LogsTable;
  tags: TagsTable;
  quotas: QuotasTable;
  journal: JournalTable;
  nova_events: NovaEventsTable;
  port_timelines: PortTimelinesTable;
  duties: DutiesTable;
}
