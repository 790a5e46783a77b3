import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { OwnedTable } from './desired/row.ts';

/**
 * What we own of a column: all of it (`members`: a set that may be large, of which only what differs is written), or
 * those keys of a map that the predicate names. What is not named here belongs to
 * others (operators, load balancer providers, agents) and is never written.
 */
export type Ownership = 'whole' | 'members' | ((key: string) => boolean);

type OwnedColumns = {
  readonly [K in OwnedTable]: { readonly [C in keyof NorthboundTables[K] & string]?: Ownership };
};

const only = (...keys: readonly string[]): Ownership => {
  const set = new Set(keys);
  return (key) => set.has(key);
};

export const ownedColumns: OwnedColumns = {
  NB_Global: {
    options: only(
      'mac_binding_removal_limit',
      'fdb_removal_limit',
      'ignore_lsp_down',
      'bfd-min-rx',
      'bfd-min-tx',
      'bfd-mult',
    ),
    external_ids: only('neutron:fip-distributed'),
  },
  Address_Set: {
    name: 'whole',
    addresses: 'members',
    external_ids: only('neutron:address_group_id', 'neutron:revision_number'),
  },
  Logical_Switch: {
    name: 'whole',
    external_ids: only(
      'neutron:network_name',
      'neutron:mtu',
      'neutron:revision_number',
      'neutron:availability_zone_hints',
      'neutron:provnet-network-type',
      'neutron:provnet-physical-network',
    ),
    other_config: only(
      'mcast_snoop',
      'mcast_flood_unregistered',
      'vlan-passthru',
      'fdb_age_threshold',
      'broadcast-arps-to-all-routers',
    ),
  },
  Logical_Switch_Port: {
    name: 'whole',
    enabled: 'whole',
    type: 'whole',
    parent_name: 'whole',
    tag_request: 'whole',
    addresses: 'whole',
    port_security: 'whole',
    dhcpv4_options: 'whole',
    dhcpv6_options: 'whole',
    ha_chassis_group: 'whole',
    options: 'whole',
    external_ids: only(
      'neutron:port_name',
      'neutron:device_id',
      'neutron:project_id',
      'neutron:cidrs',
      'neutron:device_owner',
      'neutron:subnet_pool_addr_scope4',
      'neutron:subnet_pool_addr_scope6',
      'neutron:network_name',
      'neutron:security_group_ids',
      'neutron:revision_number',
      'neutron:vnic_type',
      'neutron:port_capabilities',
      'neutron:mtu',
      'neutron:host_id',
      'neutron:port_fip',
      'neutron:provnet-physical-network',
    ),
  },
  DNS: { records: () => true, external_ids: only('ls_name') },
  DHCP_Options: {
    cidr: 'whole',
    options: 'whole',
    external_ids: only('subnet_id', 'port_id', 'neutron:network_id', 'neutron:revision_number'),
  },
  Port_Group: { name: 'whole', external_ids: only('neutron:security_group_id') },
  QoS: {
    direction: 'whole',
    priority: 'whole',
    match: 'whole',
    action: 'whole',
    bandwidth: 'whole',
    external_ids: only('neutron:port_id', 'neutron:fip_id', 'neutron:router_id'),
  },
  Logical_Router: {
    name: 'whole',
    enabled: 'whole',
    options: only(
      'always_learn_from_arp_request',
      'dynamic_neigh_routers',
      'mac_binding_age_threshold',
      'chassis',
    ),
    external_ids: only('neutron:router_name', 'neutron:revision_number', 'neutron:availability_zone_hints'),
  },
  Logical_Router_Port: {
    name: 'whole',
    mac: 'whole',
    networks: 'whole',
    ha_chassis_group: 'whole',
    ipv6_ra_configs: 'whole',
    options: only('reside-on-redirect-chassis', 'gateway_mtu', 'redirect-type'),
    external_ids: only(
      'neutron:revision_number',
      'neutron:subnet_ids',
      'neutron:network_name',
      'neutron:is_ext_gw',
      'neutron:router_name',
    ),
  },
  HA_Chassis_Group: {
    name: 'whole',
    external_ids: only('neutron:availability_zone_hints', 'neutron:network_id', 'neutron:router_id'),
  },
  Logical_Router_Static_Route: {
    ip_prefix: 'whole',
    nexthop: 'whole',
    output_port: 'whole',
    bfd: 'whole',
    external_ids: only('neutron:is_static_route', 'neutron:is_ext_gw', 'neutron:subnet_id'),
  },
  BFD: { logical_port: 'whole', dst_ip: 'whole', external_ids: only('neutron:router_id') },
  Load_Balancer: {
    name: 'whole',
    vips: () => true,
    protocol: 'whole',
    external_ids: only(
      'neutron:device_owner',
      'neutron:fip_id',
      'neutron:router_name',
      'neutron:revision_number',
    ),
  },
  NAT: {
    type: 'whole',
    external_ip: 'whole',
    logical_ip: 'whole',
    logical_port: 'whole',
    external_mac: 'whole',
    gateway_port: 'whole',
    options: only('stateless'),
    external_ids: only(
      'neutron:fip_id',
      'neutron:revision_number',
      'neutron:fip_port_id',
      'neutron:router_name',
      'neutron:fip_external_mac',
      'neutron:fip_network_id',
    ),
  },
  HA_Chassis: { chassis_name: 'whole', priority: 'whole' },
  Meter: {
    name: 'whole',
    unit: 'whole',
    fair: 'whole',
    bands: 'whole',
    external_ids: only('neutron:device_owner'),
  },
  Meter_Band: { action: 'whole', rate: 'whole', burst_size: 'whole' },
  ACL: {
    direction: 'whole',
    priority: 'whole',
    match: 'whole',
    action: 'whole',
    log: 'whole',
    name: 'whole',
    severity: 'whole',
    meter: 'whole',
    label: 'whole',
    options: only('log-related'),
    external_ids: only('neutron:security_group_rule_id'),
  },
};
