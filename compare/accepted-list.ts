import type { Accepted } from './accepted.ts';

const newAttributes = 'attributes of newer extensions';
const someAnswers = 'attributes that only some answers of the reference have';
const externalIds = '`external_ids` of the rows of networks, ports and DHCP options';
const switchOptions = 'options of switches and localnet ports';
const bandwidth = 'minimum bandwidth on a physical network';
const addressSets = 'address groups';
const dropRules = 'default drop rules';
const metadata = 'addresses of a metadata port';

const absent = /^undefined$/;

const onlyHere = (row: string, places: readonly string[]): readonly Accepted[] =>
  places.map((place) => ({ place, reference: absent, row }));

const answers: readonly Accepted[] = [
  ...onlyHere(newAttributes, [
    ...[
      'answer/*/belongs_to_default_sg',
      'answer/address_group/*_at',
      'answer/address_group/revision_number',
    ],
    ...[
      'answer/router/enable_default_route_*',
      'answer/router/enable_snat',
      'answer/router/external_gateways',
    ],
    ...[
      'answer/router/ha',
      'answer/router/flavor_id',
      'answer/subnet/router:external',
      'answer/network/is_default',
    ],
  ]),
  { place: 'answer/security*/security_group_rules/tags', ovenbird: absent, row: someAnswers },
  { place: 'answer/security*/security_group_rules/standard_attr_id', ovenbird: absent, row: someAnswers },
  { place: 'answer/security*/description', reference: /^null$/, ovenbird: /^""$/, row: someAnswers },
  { place: 'answer/address_group/shared', ovenbird: absent, row: someAnswers },
  ...onlyHere(someAnswers, ['answer/*_router_interface/project_id', 'answer/subnetpool/default_quota']),
  { place: 'answer/subnetpool/*_prefixlen', row: 'prefix lengths of a subnet pool' },
  ...onlyHere('details of a binding', ['answer/port*/binding:vif_details/*']),
  { place: 'answer/port/binding:vif_type', subject: /virtio-forwarder/, row: 'details of a binding' },
  { place: 'status/POST/security_group_rule', subject: /\(any-/, row: 'protocol `any` of a rule' },
  {
    place: 'answer/security_group/security_group_rules',
    scenario: /each protocol/,
    reference: /^\[\]$/,
    row: 'protocol `any` of a rule',
  },
  {
    place: 'answer/*_subport/status',
    reference: /DOWN/,
    ovenbird: /ACTIVE/,
    row: 'status of a trunk in the answer that changes its sub-ports',
  },
  { place: 'answer/floatingip/status', row: 'status of a floating IP' },
  { place: 'answer/ports/fixed_ips*', row: metadata },
  { place: 'answer/ports/dns_assignment*', row: metadata },
  { place: 'answer/subnet/allocation_pools', scenario: /^subnets/, row: metadata },
];

const northbound: readonly Accepted[] = [
  { place: 'NB/ACL', subject: /100[01] (in|out)port == @neutron_pg_drop/, row: dropRules },
  { place: 'NB/Port_Group/acls', subject: /^neutron_pg_drop$/, row: dropRules },
  ...onlyHere(externalIds, [
    'NB/DHCP_Options/external_ids:neutron:network_id',
    'NB/Logical_Switch/external_ids:neutron:provnet-*',
    'NB/Logical_Switch_Port/external_ids:neutron:provnet-physical-network',
    'NB/Logical_Switch_Port/external_ids:neutron:mtu',
    'NB/Logical_Switch_Port/external_ids:neutron:port_capabilities',
    'NB/Logical_Switch_Port/external_ids:neutron:subnet_pool_addr_scope*',
    'NB/Logical_Switch_Port/external_ids:neutron:vnic_type',
  ]),
  ...onlyHere(switchOptions, [
    'NB/Logical_Switch/other_config:fdb_age_threshold',
    'NB/Logical_Switch/other_config:broadcast-arps-to-all-routers',
    'NB/Logical_Switch_Port/options:localnet_learn_fdb',
  ]),
  {
    place: 'NB/Logical_Switch_Port/options:mcast_flood_reports',
    reference: /true/,
    ovenbird: absent,
    row: switchOptions,
  },
  {
    place: 'NB/Logical_Switch_Port/tag_request',
    reference: /^\[\]$/,
    row: 'VLAN tags of switch ports',
  },
  {
    place: 'NB/Logical_Switch_Port/external_ids:neutron:device_owner',
    scenario: /^trunks/,
    ovenbird: /trunk:subport/,
    row: 'VLAN tags of switch ports',
  },
  {
    place: 'NB/Logical_Switch_Port/tag',
    reference: /^\[\]$/,
    scenario: /^trunks/,
    row: '`tag` of a port that left its trunk',
  },
  {
    place: 'NB/Logical_Switch_Port/options:requested-chassis',
    reference: /^""$/,
    ovenbird: absent,
    row: '`requested-chassis` of an unbound port',
  },
  {
    place: 'NB/Logical_Switch_Port/port_security',
    reference: /^\[\]$/,
    ovenbird: /VRRPv3/,
    row: 'address pairs with a virtual MAC address',
  },
  { place: 'NB/Logical_Switch_Port/addresses', subject: /^\{ports\[/, row: metadata },
  { place: 'NB/Logical_Switch_Port/external_ids:neutron:cidrs', subject: /^\{ports\[/, row: metadata },
  { place: 'NB/Address_Set', reference: absent, row: addressSets },
  {
    place: 'NB/ACL',
    scenario: /rules of each form/,
    subject: /&& ip4 && udp$/,
    ovenbird: absent,
    row: addressSets,
  },
  { place: 'NB/ACL', reference: absent, subject: /\$ag_/, row: addressSets },
  { place: 'NB/Port_Group/acls', ovenbird: /\$ag_/, row: addressSets },
  { place: 'NB/ACL', scenario: /each protocol/, reference: absent, row: 'protocol `any` of a rule' },
  { place: 'NB/Port_Group/acls', scenario: /each protocol/, row: 'protocol `any` of a rule' },
  ...['NB/QoS', 'NB/Logical_Switch/qos_rules', 'NB/Logical_Switch_Port/options:qos_m*_rate'].map((place) => ({
    place,
    scenario: /^QoS on provider/,
    row: bandwidth,
  })),
];

/** Every difference that is explained; docs/differences.md tells each. */
export const accepted: readonly Accepted[] = [...answers, ...northbound];
