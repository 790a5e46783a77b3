import type { JsonObject } from '../json.ts';
import { change, drop, make, type Scenario, type Step } from '../step.ts';
import { port, twoFamilies } from './ports.ts';

const rule = (name: string, body: JsonObject): Step =>
  make(name, 'security-group-rules', {
    security_group_id: '{group}',
    direction: 'ingress',
    ethertype: 'IPv4',
    ...body,
  });

const protocols: readonly (string | number)[] = [
  ...['tcp', 'udp', 'sctp', 'icmp', 'ipv6-icmp', 'ah', 'esp', 'gre', 'vrrp', 'ospf', 'igmp', 'egp', 'rsvp'],
  ...['dccp', 'pgm', 'udplite', 'ipip', 'ipv6-encap', 'ipv6-frag', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route'],
  ...['50', '112', '6', '254', 'any'],
];

const ipv6Only = new Set(['ipv6-icmp', 'ipv6-encap', 'ipv6-frag', 'ipv6-nonxt', 'ipv6-opts', 'ipv6-route']);

export const security: readonly Scenario[] = [
  {
    name: 'security groups',
    steps: [
      make('group', 'security-groups', { name: 'group', description: 'd' }),
      make('stateless', 'security-groups', { name: 'stateless', stateful: false }),
      make('members', 'security-groups', { name: 'members' }, { as: 'demo' }),
      ...twoFamilies(),
      port('one', 20, { security_groups: ['{group}', '{stateless}'] }),
      port('two', 21, { security_groups: ['{group}'] }),
      change('ports/{two}', { security_groups: ['{stateless}'] }),
      change('security-groups/{group}', { name: 'renamed' }),
      change('security-groups/{members}', { stateful: false }),
      make('in', 'security-group-rules', {
        security_group_id: '{stateless}',
        direction: 'ingress',
        protocol: 'tcp',
        port_range_min: 80,
        port_range_max: 80,
      }),
    ],
  },
  {
    name: 'rules of each protocol',
    steps: [
      make('group', 'security-groups', { name: 'group' }),
      ...protocols.flatMap((protocol) => {
        const v4 = rule(`${protocol}-in`, { protocol });
        const v6 = rule(`${protocol}-out6`, { protocol, direction: 'egress', ethertype: 'IPv6' });
        return typeof protocol === 'string' && ipv6Only.has(protocol) ? [v6] : [v4, v6];
      }),
      rule('icmp6-as-icmp', { protocol: 'icmp', ethertype: 'IPv6' }),
      rule('icmp6-as-icmpv6', { protocol: 'icmpv6', ethertype: 'IPv6', direction: 'egress' }),
    ],
  },
  {
    name: 'rules of each form',
    steps: [
      make('group', 'security-groups', { name: 'group' }),
      make('other', 'security-groups', { name: 'other' }),
      make('addresses', 'address-groups', {
        name: 'addresses',
        addresses: ['10.8.0.0/16', 'fd00:8::/64', '10.9.0.1/32'],
      }),
      rule('range', { protocol: 'tcp', port_range_min: 1000, port_range_max: 2000 }),
      rule('one', { protocol: 'udp', port_range_min: 53, port_range_max: 53, direction: 'egress' }),
      rule('from-zero', { protocol: 'sctp', port_range_min: 0, port_range_max: 65535 }),
      rule('type', { protocol: 'icmp', port_range_min: 8 }),
      rule('type-code', { protocol: 'icmp', port_range_min: 3, port_range_max: 4 }),
      rule('type6', { protocol: 'ipv6-icmp', ethertype: 'IPv6', port_range_min: 128, port_range_max: 0 }),
      rule('prefix', {
        protocol: 'tcp',
        port_range_min: 22,
        port_range_max: 22,
        remote_ip_prefix: '192.0.2.7/24',
      }),
      rule('prefix6', { ethertype: 'IPv6', remote_ip_prefix: 'fd00:9::/48', direction: 'egress' }),
      rule('everywhere', {
        remote_ip_prefix: '0.0.0.0/0',
        protocol: 'tcp',
        port_range_min: 9,
        port_range_max: 9,
      }),
      rule('group4', { remote_group_id: '{other}', protocol: 'tcp' }),
      rule('group6', { remote_group_id: '{other}', ethertype: 'IPv6', direction: 'egress' }),
      rule('itself', { remote_group_id: '{group}' }),
      rule('set4', { remote_address_group_id: '{addresses}', protocol: 'udp' }),
      rule('set6', { remote_address_group_id: '{addresses}', ethertype: 'IPv6', direction: 'egress' }),
      rule('described', { description: 'told', protocol: 'tcp', port_range_min: 7, port_range_max: 7 }),
      rule('twice', { protocol: 'tcp', port_range_min: 1000, port_range_max: 2000 }),
      {
        as: 'admin',
        method: 'PUT',
        path: 'address-groups/{addresses}/add_addresses',
        body: { addresses: ['10.10.0.0/16'] },
      },
      {
        as: 'admin',
        method: 'PUT',
        path: 'address-groups/{addresses}/remove_addresses',
        body: { addresses: ['10.9.0.1/32'] },
      },
      drop('security-group-rules/{range}'),
    ],
  },
];
