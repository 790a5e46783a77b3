import type { Accepted } from './accepted.ts';

const newAttributes = 'attributes of newer extensions';
const someAnswers = 'attributes that only some answers of the reference have';
const externalIds = '`external_ids` of the rows of networks, ports and DHCP options';
const switchOptions = 'options of switches and localnet ports';
const bandwidth = 'minimum bandwidth on a physical network';
const addressSets = 'address groups';
const dropRules = 'default drop rules';
const metadata = 'addresses of a metadata port';

const routerRows = 'rows of routers';
const groups = '`Gateway_Chassis`';
const routerPorts = 'ports of routers after a change';

const absent = /^undefined$/;

const onlyHere = (row: string, places: readonly string[]): readonly Accepted[] =>
  places.map((place) => ({ place, reference: absent, row }));

const answers: readonly Accepted[] = [
  ...onlyHere(
    newAttributes,
    ['data_plane_status', 'hardware_offload_type', 'propagate_uplink_status', 'trusted'].map(
      (name) => `answer/port*/${name}`,
    ),
  ),
  ...onlyHere(newAttributes, [
    ...[
      'answer/*/belongs_to_default_sg',
      'answer/address_group/*_at',
      'answer/address_group/revision_number',
      'answer/floatingip/qos_network_policy_id',
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
  { place: 'answer/segment*/description', reference: /^null$/, ovenbird: /^""$/, row: someAnswers },
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
  { place: 'answer/port*/status', row: routerPorts },
  { place: 'answer/ports/binding:*', scenario: /router|floating|refused/, row: routerPorts },
  { place: 'status/POST/rbac_policy', subject: /object/, row: 'object of an RBAC policy that is not there' },
  {
    place: 'answer/subnet/host_routes',
    subject: /^POST/,
    reference: /^\[\]$/,
    row: 'routes to its peers in the answer that makes a subnet of a routed network',
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
    scenario: /^(trunks|refused)/,
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

const routing: readonly Accepted[] = [
  {
    place: 'NB/ACL',
    reference: absent,
    subject: /neutron_pg_drop && \(\(ip4 && udp.src == 68/,
    row: 'requests for addresses (DHCP, DHCPv6) of filtered ports',
  },
  {
    place: 'NB/ACL',
    reference: absent,
    subject: /neutron_pg_drop && \(\(ip4 && udp.src == 67/,
    row: 'filtered ports as DHCP servers',
  },
  { place: 'NB/Logical_Router/external_ids:neutron:gw_*', ovenbird: absent, row: routerRows },
  ...onlyHere(routerRows, [
    'NB/Logical_Router/options:mac_binding_age_threshold',
    'NB/Logical_Router/options:chassis',
    'NB/Logical_Router_Port/external_ids:neutron:is_ext_gw',
    'NB/Logical_Router_Port/options:gateway_mtu',
    'NB/Logical_Router_Port/ipv6_ra_configs:route_info',
    'NB/Logical_Router_Port/options:reside-on-redirect-chassis',
    'NB/Logical_Router_Static_Route/external_ids:neutron:is_static_route',
    'NB/NAT/options:stateless',
  ]),
  {
    place: 'NB/Logical_Router_Port/external_ids:neutron:router_name',
    ovenbird: /^"neutron-/,
    row: routerRows,
  },
  ...onlyHere('router advertisements', [
    'NB/Logical_Router_Port/ipv6_ra_configs:rdnss',
    'NB/Logical_Router_Port/ipv6_ra_configs:dnssl',
  ]),
  { place: 'NB/Gateway_Chassis', ovenbird: absent, row: groups },
  { place: 'NB/Logical_Router_Port/gateway_chassis', ovenbird: /^\[\]$/, row: groups },
  { place: 'NB/Logical_Router_Port/ha_chassis_group', reference: /^\[\]$/, row: groups },
  { place: 'NB/HA_Chassis*', reference: absent, row: groups },
  {
    place: 'NB/HA_Chassis_Group/ha_chassis',
    reference: /^\[\]$/,
    row: 'a router on a tunnelled external network that asks for no zone',
  },
  { place: 'NB/Logical_Switch_Port/external_ids:neutron:host_id', row: routerPorts },
  { place: 'NB/Logical_Switch_Port/options:requested-chassis', reference: absent, row: routerPorts },
];

const names: readonly Accepted[] = [
  { place: 'NB/DNS/records:own.blue.*', reference: absent, row: 'domain of a port' },
  {
    place: 'NB/DNS/records:*',
    scenario: /share/,
    subject: /^neutron-/,
    row: 'names that several ports of a network have',
  },
  {
    place: 'NB/DNS/records:moved.*',
    scenario: /another domain/,
    row: "names after a change of the network's domain",
  },
];

const failure = 'values that make the reference fail';
const refusals: readonly Accepted[] = [
  { place: 'status/*', scenario: /^bad/, reference: /^"500 /, ovenbird: /^"400 /, row: failure },
  {
    place: 'status/*',
    scenario: /^bad/,
    subject: /name: a text with a line end/,
    ovenbird: /^"400 /,
    row: 'line ends in names',
  },
  {
    place: 'status/*',
    scenario: /^bad/,
    subject: /: true\)/,
    ovenbird: /^"400 /,
    row: '`true` where a number is wanted',
  },
  {
    place: 'status/*',
    scenario: /^bad/,
    subject: /: (an empty (list|text|object)|null)\)/,
    ovenbird: /^"400 /,
    row: 'an empty list, text or object where another is wanted',
  },
  {
    place: 'status/*/rbac_policy',
    scenario: /^bad/,
    subject: /target_tenant/,
    ovenbird: /^"400 /,
    row: 'target of an RBAC policy that is no project id',
  },
  {
    place: 'status/POST/security_group_rule',
    scenario: /^bad/,
    subject: /remote_(address_)?group_id/,
    reference: /^"404 /,
    row: 'id of a remote group that is no id',
  },
  {
    place: 'status/PUT/subnet',
    scenario: /^bad/,
    subject: /service_types/,
    row: 'service types of subnets',
  },
  // What the reference took in such requests.
  { place: 'answer/*', scenario: /^bad/, subject: /^in the end/, row: 'line ends in names' },
  { place: 'NB/*:neutron:*name', scenario: /^bad/, row: 'line ends in names' },
  { place: 'NB/*:neutron:mtu', scenario: /^bad/, row: '`true` where a number is wanted' },
  { place: 'answer/NeutronError/type', scenario: /^bad/, row: 'a value out of its range' },
];

/** Every difference that is explained; docs/differences.md tells each. */
export const accepted: readonly Accepted[] = [...answers, ...northbound, ...routing, ...names, ...refusals];
