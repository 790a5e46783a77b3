import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultOvnSettings } from '../settings.ts';
import type { RuleState } from '../state.ts';
import { ruleState } from '../testing/states.ts';
import { aclMatch } from './acl-match.ts';
import { desiredSecurityGroup } from './security-group.ts';

const cases: readonly (readonly [Partial<RuleState>, string])[] = [
  [{}, 'outport == @pg_a && ip4'],
  [{ direction: 'egress' }, 'inport == @pg_a && ip4'],
  [{ direction: 'egress', ipVersion: 6 }, 'inport == @pg_a && ip6'],
  [{ protocol: 'any' }, 'outport == @pg_a && ip4'],
  [
    { protocol: 'tcp', portMin: 22, portMax: 22, remoteCidr: '0.0.0.0/0' },
    'outport == @pg_a && ip4 && ip4.src == 0.0.0.0/0 && tcp && tcp.dst == 22',
  ],
  [
    { protocol: 'udp', portMin: 1000, portMax: 2000 },
    'outport == @pg_a && ip4 && udp && udp.dst >= 1000 && udp.dst <= 2000',
  ],
  [{ protocol: '132' }, 'outport == @pg_a && ip4 && sctp'],
  [{ protocol: '6', portMin: 5 }, 'outport == @pg_a && ip4 && tcp && tcp.dst >= 5'],
  [{ protocol: 'icmp' }, 'outport == @pg_a && ip4 && icmp4'],
  [{ protocol: 'icmp', portMin: 8 }, 'outport == @pg_a && ip4 && icmp4 && icmp4.type == 8'],
  [
    { protocol: '1', ipVersion: 6, portMin: 128, portMax: 0 },
    'outport == @pg_a && ip6 && icmp6 && icmp6.type == 128 && icmp6.code == 0',
  ],
  [{ protocol: 'ipv6-icmp', ipVersion: 6 }, 'outport == @pg_a && ip6 && icmp6'],
  [{ protocol: 'vrrp' }, 'outport == @pg_a && ip4 && ip.proto == 112'],
  [{ protocol: '255' }, 'outport == @pg_a && ip4 && ip.proto == 255'],
  [{ remoteGroupId: 'b-c' }, 'outport == @pg_a && ip4 && ip4.src == $pg_b_c_ip4'],
  [
    { direction: 'egress', ipVersion: 6, remoteGroupId: 'b-c' },
    'inport == @pg_a && ip6 && ip6.dst == $pg_b_c_ip6',
  ],
  [{ remoteAddressGroupId: 'g-1' }, 'outport == @pg_a && ip4 && ip4.src == $ag_g_1_ip4'],
  [
    { direction: 'egress', ipVersion: 6, remoteCidr: '2001:db8::/32' },
    'inport == @pg_a && ip6 && ip6.dst == 2001:db8::/32',
  ],
];

/** IANA's protocol numbers (https://www.iana.org/assignments/protocol-numbers) of the names that the API takes. */
const numbered: { readonly [protocol: string]: number } = {
  hopopt: 0,
  ip: 0,
  igmp: 2,
  ipip: 4,
  egp: 8,
  dccp: 33,
  'ipv6-encap': 41,
  'ipv6-route': 43,
  'ipv6-frag': 44,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-nonxt': 59,
  'ipv6-opts': 60,
  ospf: 89,
  vrrp: 112,
  pgm: 113,
  udplite: 136,
};

describe('match of a security group rule', () => {
  it('has a number for every other protocol, and fields for those with ports by either name', () => {
    const of = (protocol: string): string =>
      aclMatch('a', ruleState({ protocol })).split(' && ').at(-1) ?? '';
    for (const [name, number] of Object.entries(numbered)) assert.equal(of(name), `ip.proto == ${number}`);
    assert.deepEqual(['tcp', '6', 'udp', '17', 'sctp', '132'].map(of), [
      'tcp',
      'tcp',
      'udp',
      'udp',
      'sctp',
      'sctp',
    ]);
  });

  for (const [rule, match] of cases) it(match, () => assert.equal(aclMatch('a', ruleState(rule)), match));

  it('lets no text through that is not what it should be', () => {
    const hostile = ['tcp || 1', '256', '-1', '1e1', '', ' ', '1.5', 'constructor', '__proto__'];
    for (const protocol of hostile)
      assert.throws(() => aclMatch('a', ruleState({ protocol })), {
        name: 'TypeError',
        message: `no IP protocol ${JSON.stringify(protocol)}`,
      });
    for (const remoteCidr of ['0.0.0.0/0 || 1', '1 || 0.0.0.0/0', '$pg_b_ip4', '10.0.0.0', '{10.0.0.0/8}'])
      assert.throws(() => aclMatch('a', ruleState({ remoteCidr })), {
        name: 'TypeError',
        message: `no prefix ${JSON.stringify(remoteCidr)}`,
      });
  });
});

describe('ACLs of a security group', () => {
  it('are one for rules that match the same packets, with the id of the oldest', () => {
    const rules = [
      ruleState({ id: 'old', protocol: 'tcp' }),
      ruleState({ id: 'new', protocol: '6' }),
      ruleState({ id: 'other', protocol: 'udp' }),
    ];
    const { rows } = desiredSecurityGroup({ logs: [], id: 'a', stateful: true, rules }, defaultOvnSettings);
    const acls = rows.filter((row) => row.table === 'ACL');
    assert.equal(acls.length, 2);
    const first = acls[0]?.columns;
    assert.ok(first && 'action' in first && 'external_ids' in first);
    assert.equal(first.action, 'allow-related');
    assert.equal(first.external_ids?.get('neutron:security_group_rule_id'), 'old');
  });

  it('keep no state in a stateless group', () => {
    const { rows } = desiredSecurityGroup(
      { logs: [], id: 'a', stateful: false, rules: [ruleState()] },
      defaultOvnSettings,
    );
    const acl = rows.find((row) => row.table === 'ACL')?.columns;
    assert.ok(acl && 'action' in acl);
    assert.equal(acl.action, 'allow-stateless');
  });
});
