import type { JsonObject } from '../json.ts';
import { change, drop, make, type Scenario, type Step } from '../step.ts';

/** A network with an IPv4 and an IPv6 subnet: `net`, `v4` and `v6`. */
export const twoFamilies = (cidr = '10.6.0.0/24'): readonly Step[] => [
  make('net', 'networks', { name: 'net' }),
  make('v4', 'subnets', { network_id: '{net}', ip_version: 4, cidr }),
  make('v6', 'subnets', {
    network_id: '{net}',
    ip_version: 6,
    cidr: 'fd00:6::/64',
    ipv6_ra_mode: 'dhcpv6-stateful',
    ipv6_address_mode: 'dhcpv6-stateful',
  }),
];

/** A port on `net` whose addresses end in `number`. */
export const port = (name: string, number: number, more: JsonObject = {}): Step =>
  make(name, 'ports', {
    name,
    network_id: '{net}',
    mac_address: `fa:16:3e:00:01:${number.toString(16).padStart(2, '0')}`,
    fixed_ips: [
      { subnet_id: '{v4}', ip_address: `10.6.0.${number}` },
      { subnet_id: '{v6}', ip_address: `fd00:6::${number}` },
    ],
    ...more,
  });

const bound = { 'binding:host_id': 'host1', device_owner: 'compute:nova', device_id: 'machine' };

const vnicTypes = ['normal', 'direct', 'direct-physical', 'macvtap', 'baremetal', 'vdpa', 'virtio-forwarder'];

export const ports: readonly Scenario[] = [
  {
    name: 'ports and their owners',
    steps: [
      ...twoFamilies(),
      port('plain', 20),
      port('bound', 21, bound),
      port('disabled', 22, { ...bound, admin_state_up: false }),
      port('dhcp', 23, { device_owner: 'network:dhcp', device_id: 'dhcp-agent' }),
      port('service', 24, { device_owner: 'neutron:LOADBALANCERV2', device_id: 'lb' }),
      port('unsecured', 25, { port_security_enabled: false, security_groups: [] }),
      port('nogroups', 26, { security_groups: [] }),
      port('noaddress', 27, { fixed_ips: [] }),
      port('nowhere', 28, { 'binding:host_id': 'nobody' }),
      make('automatic', 'ports', { network_id: '{net}', name: 'automatic' }),
      make('members', 'ports', { network_id: '{net}', name: 'members', project_id: '{demo}' }),
      change('ports/{plain}', { name: 'renamed', admin_state_up: false }),
      change('ports/{bound}', { fixed_ips: [{ subnet_id: '{v4}', ip_address: '10.6.0.121' }] }),
      change('ports/{nogroups}', { port_security_enabled: false }),
      change('ports/{disabled}', { 'binding:host_id': '' }),
    ],
  },
  {
    name: 'address pairs',
    steps: [
      ...twoFamilies(),
      port('own', 30, { allowed_address_pairs: [{ ip_address: '10.6.0.200' }] }),
      port('range', 31, { allowed_address_pairs: [{ ip_address: '10.7.0.0/16' }] }),
      port('other', 32, {
        allowed_address_pairs: [{ ip_address: '10.6.0.201', mac_address: '00:00:5e:00:01:05' }],
      }),
      port('virtual', 33),
      port('parent1', 34, { allowed_address_pairs: [{ ip_address: '10.6.0.33' }] }),
      port('parent2', 35, { allowed_address_pairs: [{ ip_address: '10.6.0.33' }] }),
      port('formerly', 36),
      port('parent3', 37, { allowed_address_pairs: [{ ip_address: '10.6.0.36' }] }),
      change('ports/{parent3}', { allowed_address_pairs: [] }),
      change('ports/{range}', { allowed_address_pairs: [{ ip_address: 'fd00:7::/64' }] }),
    ],
  },
  {
    name: 'extra DHCP options',
    steps: [
      ...twoFamilies(),
      port('boot', 40, {
        extra_dhcp_opts: [
          { opt_name: 'bootfile-name', opt_value: 'pxelinux.0' },
          { opt_name: 'server-ip-address', opt_value: '192.0.2.7' },
          { opt_name: 'tftp-server', opt_value: '192.0.2.8' },
          { opt_name: 'dns-server', opt_value: 'fd00::5', ip_version: 6 },
        ],
      }),
      port('mtu', 41, { extra_dhcp_opts: [{ opt_name: 'mtu', opt_value: '1200' }] }),
      port('numbers', 42, {
        extra_dhcp_opts: [
          { opt_name: '42', opt_value: '192.0.2.9' },
          { opt_name: 'domain-name', opt_value: 'inner.example' },
          { opt_name: 'lease-time', opt_value: '600' },
        ],
      }),
      port('without', 43, { extra_dhcp_opts: [{ opt_name: 'dhcp_disabled', opt_value: 'true' }] }),
      port('strange', 44, { extra_dhcp_opts: [{ opt_name: 'no-such-option', opt_value: 'x' }] }),
      change('ports/{mtu}', { extra_dhcp_opts: [{ opt_name: 'mtu', opt_value: null }] }),
      change('ports/{without}', { extra_dhcp_opts: [{ opt_name: 'router', opt_value: '10.6.0.250' }] }),
      change('subnets/{v4}', { dns_nameservers: ['192.0.2.66'] }),
    ],
  },
  {
    name: 'vnic types',
    steps: [
      ...twoFamilies(),
      ...vnicTypes.flatMap((type, index) => [
        port(`${type}-unbound`, 50 + index, { 'binding:vnic_type': type }),
        // The reference answers 500 to the binding of such a port.
        ...(type === 'direct-physical'
          ? []
          : [port(`${type}-bound`, 70 + index, { ...bound, 'binding:vnic_type': type })]),
      ]),
      port('switchdev', 90, {
        ...bound,
        'binding:vnic_type': 'direct',
        'binding:profile': {
          capabilities: ['switchdev'],
          pci_vendor_info: '8086:10ed',
          pci_slot: '0000:03:10.1',
          physical_network: null,
        },
      }),
    ],
  },
  {
    name: 'trunks',
    steps: [
      ...twoFamilies(),
      port('parent', 60, bound),
      port('child', 61),
      port('late', 62),
      make('trunk', 'trunks', {
        name: 'trunk',
        port_id: '{parent}',
        sub_ports: [{ port_id: '{child}', segmentation_type: 'vlan', segmentation_id: 11 }],
      }),
      {
        as: 'admin',
        method: 'PUT',
        path: 'trunks/{trunk}/add_subports',
        body: { sub_ports: [{ port_id: '{late}', segmentation_type: 'vlan', segmentation_id: 12 }] },
      },
      {
        as: 'admin',
        method: 'PUT',
        path: 'trunks/{trunk}/remove_subports',
        body: { sub_ports: [{ port_id: '{child}' }] },
      },
      change('trunks/{trunk}', { name: 'renamed', description: 'd' }),
      change('ports/{parent}', { 'binding:host_id': '', device_owner: '', device_id: '' }),
    ],
  },
  {
    name: 'ports on provider networks',
    steps: [
      make('net', 'networks', {
        name: 'vlan',
        'provider:network_type': 'vlan',
        'provider:physical_network': 'public',
        'provider:segmentation_id': 170,
      }),
      make('v4', 'subnets', { network_id: '{net}', ip_version: 4, cidr: '10.6.0.0/24' }),
      make('v6', 'subnets', { network_id: '{net}', ip_version: 6, cidr: 'fd00:6::/64' }),
      port('bound', 20, bound),
      port('external', 21, { ...bound, 'binding:vnic_type': 'direct' }),
      port('unsecured', 22, { ...bound, port_security_enabled: false }),
      drop('ports/{unsecured}'),
    ],
  },
];
