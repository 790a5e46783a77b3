import type { Tables } from '../tables.ts';

/** Columns without `not null`; a test holds this against the real schema. */
const NULLABLE: { readonly [T in keyof Tables]?: readonly (keyof Tables[T])[] } = {
  networks: ['vlan_transparent'],
  network_segments: ['physical_network', 'segmentation_id'],
  subnets: ['gateway_ip', 'ipv6_ra_mode', 'ipv6_address_mode', 'subnetpool_id', 'segment_id'],
  security_group_rules: [
    'protocol',
    'port_range_min',
    'port_range_max',
    'remote_group_id',
    'remote_address_group_id',
    'remote_ip_prefix',
    'normalized_cidr',
  ],
  default_security_group_rules: [
    'protocol',
    'port_range_min',
    'port_range_max',
    'remote_group_id',
    'remote_address_group_id',
    'remote_ip_prefix',
  ],
  routers: ['flavor_id'],
  floating_ips: ['fixed_port_id', 'fixed_ip_address', 'router_id', 'last_known_router_id', 'qos_policy_id'],
  router_ports: ['qos_policy_id'],
  subnetpools: ['default_quota', 'address_scope_id'],
  qos_rules: [
    'max_kbps',
    'max_burst_kbps',
    'min_kbps',
    'dscp_mark',
    'max_kpps',
    'max_burst_kpps',
    'min_kpps',
  ],
  network_segment_ranges: ['project_id'],
  auto_allocated_topologies: ['router_id'],
  logs: ['resource_id', 'target_id'],
  journal: ['last_error'],
};

/** Whether a row of `table` may have no value in `column`. */
export const mayBeNull = (table: keyof Tables, column: string): boolean => {
  const columns: readonly string[] | undefined = NULLABLE[table];
  return columns?.includes(column) ?? false;
};
