import { change, drop, make, read, type Scenario } from '../step.ts';

const vlan = { 'provider:network_type': 'vlan', 'provider:physical_network': 'public' };

export const networks: readonly Scenario[] = [
  {
    name: 'tenant networks',
    steps: [
      make('plain', 'networks', { name: 'plain' }),
      make('own', 'networks', { name: 'own', description: 'of a member' }, { as: 'demo' }),
      make('small', 'networks', { name: 'small', mtu: 1300, shared: true, admin_state_up: false }),
      make('subnet', 'subnets', { network_id: '{plain}', ip_version: 4, cidr: '10.1.0.0/24', name: 's' }),
      change('networks/{plain}', { name: 'renamed', mtu: 1400 }),
      change('subnets/{subnet}', { dns_nameservers: ['192.0.2.1', '192.0.2.2'], gateway_ip: '10.1.0.9' }),
    ],
  },
  {
    name: 'provider networks',
    steps: [
      make('flat', 'networks', {
        name: 'flat',
        'provider:network_type': 'flat',
        'provider:physical_network': 'public',
      }),
      make('vlan', 'networks', { name: 'vlan', ...vlan, 'provider:segmentation_id': 150 }),
      make('vxlan', 'networks', { 'provider:network_type': 'vxlan', 'provider:segmentation_id': 77 }),
      make('geneve', 'networks', { 'provider:network_type': 'geneve', 'provider:segmentation_id': 77 }),
      make('local', 'networks', { 'provider:network_type': 'local' }),
      make('external', 'networks', {
        ...vlan,
        name: 'external',
        'provider:segmentation_id': 151,
        'router:external': true,
      }),
      make('transparent', 'networks', { name: 'transparent', vlan_transparent: true }),
      change('networks/{vlan}', { 'provider:segmentation_id': 152, name: 'moved' }),
    ],
  },
  {
    name: 'networks of several segments',
    steps: [
      make('multi', 'networks', {
        name: 'multi',
        segments: [
          { ...vlan, 'provider:segmentation_id': 160 },
          { 'provider:network_type': 'geneve', 'provider:segmentation_id': 99 },
        ],
      }),
      make('subnet', 'subnets', { network_id: '{multi}', ip_version: 4, cidr: '10.2.0.0/24' }),
      make('port', 'ports', {
        network_id: '{multi}',
        fixed_ips: [{ ip_address: '10.2.0.40' }],
        mac_address: 'fa:16:3e:00:00:40',
      }),
    ],
  },
  {
    name: 'subnets of a routed network',
    steps: [
      // At once, and of two types: the release compared with knows one of each type and physical network.
      make('routed', 'networks', {
        name: 'routed',
        segments: [
          { ...vlan, 'provider:segmentation_id': 150 },
          { 'provider:network_type': 'geneve', 'provider:segmentation_id': 99 },
        ],
      }),
      { ...read('segments?network_id={routed}&network_type=vlan'), name: 'first' },
      { ...read('segments?network_id={routed}&network_type=geneve'), name: 'second' },
      make('here', 'subnets', {
        network_id: '{routed}',
        ip_version: 4,
        cidr: '10.7.0.0/24',
        segment_id: '{first.0.id}',
        host_routes: [{ destination: '10.99.0.0/16', nexthop: '10.7.0.7' }],
      }),
      make('there', 'subnets', {
        network_id: '{routed}',
        ip_version: 4,
        cidr: '10.8.0.0/24',
        segment_id: '{second.0.id}',
      }),
      make('six', 'subnets', {
        network_id: '{routed}',
        ip_version: 6,
        cidr: 'fd00:8::/64',
        segment_id: '{second.0.id}',
      }),
      make('beside', 'subnets', {
        network_id: '{routed}',
        ip_version: 4,
        cidr: '10.9.0.0/24',
        segment_id: '{second.0.id}',
      }),
      change('subnets/{there}', {
        gateway_ip: '10.8.0.254',
        allocation_pools: [{ start: '10.8.0.10', end: '10.8.0.20' }],
      }),
      change('subnets/{here}', { host_routes: [] }),
      drop('subnets/{beside}'),
    ],
  },
  {
    name: 'subnets',
    steps: [
      make('net', 'networks', { name: 'net' }),
      make('v4', 'subnets', {
        network_id: '{net}',
        ip_version: 4,
        cidr: '10.3.0.0/24',
        host_routes: [{ destination: '10.99.0.0/16', nexthop: '10.3.0.7' }],
        allocation_pools: [{ start: '10.3.0.10', end: '10.3.0.20' }],
      }),
      make('nogw', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.4.0.0/24', gateway_ip: null }),
      make('nodhcp', 'subnets', {
        network_id: '{net}',
        ip_version: 4,
        cidr: '10.5.0.0/24',
        enable_dhcp: false,
      }),
      ...(['slaac', 'dhcpv6-stateful', 'dhcpv6-stateless'] as const).map((mode, index) =>
        make(mode, 'subnets', {
          network_id: '{net}',
          ip_version: 6,
          cidr: `fd00:${index}::/64`,
          ipv6_ra_mode: mode,
          ipv6_address_mode: mode,
          dns_nameservers: ['fd00::53'],
        }),
      ),
      make('port', 'ports', {
        network_id: '{net}',
        mac_address: 'fa:16:3e:00:00:41',
        fixed_ips: [
          { subnet_id: '{v4}', ip_address: '10.3.0.11' },
          { subnet_id: '{dhcpv6-stateful}', ip_address: 'fd00:1::41' },
        ],
      }),
      change('subnets/{nodhcp}', { enable_dhcp: true }),
      change('subnets/{nogw}', { enable_dhcp: false }),
      change('subnets/{v4}', { host_routes: [], dns_nameservers: ['192.0.2.8'] }),
    ],
  },
];
