import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import fc from 'fast-check';
import { fingerprintOf, normalizedCidr, type RuleMatch, storedMatch } from './rule-match.ts';

const any: RuleMatch = {
  direction: 'ingress',
  ethertype: 'IPv4',
  protocol: null,
  port_range_min: null,
  port_range_max: null,
  remote_group_id: null,
  remote_address_group_id: null,
  remote_ip_prefix: null,
};

const range = (protocol: string | null, min: number | null, max: number | null): RuleMatch => ({
  ...any,
  protocol,
  port_range_min: min,
  port_range_max: max,
});

const refusals: readonly (readonly [what: string, match: RuleMatch, type: string])[] = [
  ['ports without a protocol', range(null, 1, 2), 'SecurityGroupProtocolRequiredWithPorts'],
  ['one end of a range', range('tcp', 80, null), 'SecurityGroupInvalidPortRange'],
  ['the other end of a range', range('tcp', null, 80), 'SecurityGroupInvalidPortRange'],
  ['a range upside down', range('udp', 81, 80), 'SecurityGroupInvalidPortRange'],
  ['port 0', range('sctp', 0, 80), 'SecurityGroupInvalidPortValue'],
  ['ports of a protocol by number that has none', range('50', 1, 2), 'SecurityGroupInvalidProtocolForPort'],
  ['ports of gre', range('gre', 1, 2), 'SecurityGroupInvalidProtocolForPort'],
  ['an ICMP type out of range', range('icmp', 256, null), 'SecurityGroupInvalidIcmpValue'],
  ['an ICMP code out of range', range('1', 8, 300), 'SecurityGroupInvalidIcmpValue'],
  ['an ICMP code without a type', range('icmp', null, 0), 'SecurityGroupMissingIcmpType'],
  [
    'a prefix of the other family',
    { ...any, remote_ip_prefix: '2001:db8::/32' },
    'SecurityGroupRuleParameterConflict',
  ],
  [
    'a protocol of IPv6 alone in IPv4',
    { ...any, protocol: 'ipv6-icmp' },
    'SecurityGroupEthertypeConflictWithProtocol',
  ],
  ['such a protocol by number', { ...any, protocol: '44' }, 'SecurityGroupEthertypeConflictWithProtocol'],
  [
    'two remotes',
    { ...any, remote_group_id: 'g', remote_ip_prefix: '192.0.2.0/24' },
    'SecurityGroupMultipleRemoteEntites',
  ],
];

describe('what a rule matches on', () => {
  for (const [what, match, type] of refusals) {
    it(`cannot be ${what}`, () => {
      assert.throws(
        () => storedMatch(match),
        (error) => error instanceof ApiError && error.type === type && error.status === 400,
      );
    });
  }

  it('may be ranges of every protocol with ports, and ICMP types with and without a code', () => {
    for (const protocol of ['tcp', 'udp', 'sctp', 'dccp', 'udplite', '6', '17', '132', '33', '136']) {
      assert.deepEqual(storedMatch(range(protocol, 1, 1)), range(protocol, 1, 1));
    }
    assert.deepEqual(storedMatch(range('icmp', 8, 0)), range('icmp', 8, 0));
    assert.deepEqual(storedMatch(range('icmp', 0, null)), range('icmp', 0, null));
  });

  it('is stored without the range of all ports, and with the ICMP of its IP version', () => {
    assert.deepEqual(storedMatch(range('tcp', 1, 65_535)), range('tcp', null, null));
    assert.deepEqual(storedMatch(range('tcp', 2, 65_535)), range('tcp', 2, 65_535));
    const v6 = (protocol: string) => storedMatch({ ...any, ethertype: 'IPv6', protocol }).protocol;
    assert.deepEqual(['icmp', 'icmpv6', 'ipv6-icmp', '1', '58', 'tcp'].map(v6), [
      'ipv6-icmp',
      'ipv6-icmp',
      'ipv6-icmp',
      '58',
      '58',
      'tcp',
    ]);
    assert.equal(storedMatch({ ...any, protocol: 'icmp' }).protocol, 'icmp');
  });

  it('has a prefix without host bits', () => {
    assert.equal(normalizedCidr({ remote_ip_prefix: '192.0.2.77/24' }), '192.0.2.0/24');
    assert.equal(normalizedCidr({ remote_ip_prefix: null }), null);
  });
});

describe('the fingerprint of a rule', () => {
  it('is equal for what lets the same through', () => {
    const same = (a: RuleMatch, b: RuleMatch) => assert.equal(fingerprintOf(a), fingerprintOf(b));
    same({ ...any, protocol: 'tcp' }, { ...any, protocol: '6' });
    same({ ...any, remote_ip_prefix: '0.0.0.0/0' }, any);
    same({ ...any, ethertype: 'IPv6', remote_ip_prefix: '::/0' }, { ...any, ethertype: 'IPv6' });
    same({ ...any, remote_ip_prefix: '192.0.2.1/24' }, { ...any, remote_ip_prefix: '192.0.2.0/24' });
  });

  it('differs as soon as one thing differs', () => {
    const rule = fc.record({
      direction: fc.constantFrom('ingress', 'egress'),
      ethertype: fc.constantFrom('IPv4', 'IPv6'),
      protocol: fc.constantFrom(null, 'tcp', 'udp', '50'),
      port_range_min: fc.constantFrom(null, 1, 11),
      port_range_max: fc.constantFrom(null, 1, 11),
      remote_group_id: fc.constantFrom(null, 'g', 'h'),
      remote_address_group_id: fc.constantFrom(null, 'g'),
      remote_ip_prefix: fc.constantFrom(null, '192.0.2.0/24', '192.0.2.0/25'),
    });
    fc.assert(
      fc.property(rule, rule, (a, b) => {
        const equal = JSON.stringify(a) === JSON.stringify(b);
        assert.equal(fingerprintOf(a) === fingerprintOf(b), equal);
      }),
    );
  });
});
