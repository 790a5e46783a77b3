import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccepts, assertRefuses } from './accepts.fixture.ts';
import { etherType, portOrNull, protocol, securityGroupName } from './security-group-values.ts';

test('protocols are names or numbers as text', () => {
  assertAccepts(protocol, [
    [null, null],
    ['any', null],
    ['TCP', 'tcp'],
    [6, '6'],
    ['255', '255'],
    ['icmpv6', 'icmpv6'],
  ]);
  for (const bad of ['256', -1, 'tcpx', true, {}, 6.5, '']) {
    const parsed = protocol.parse(bad);
    assert.ok(!parsed.ok && parsed.error?.type === 'SecurityGroupRuleInvalidProtocol', String(bad));
  }
});

test('ethertypes in any case', () => {
  assertAccepts(etherType, [
    ['ipv4', 'IPv4'],
    ['IPV6', 'IPv6'],
  ]);
  assertRefuses(etherType, [
    [
      'arp',
      "SecurityGroupRuleInvalidEtherType: Security group rule for ethertype 'arp' not supported. " +
        'Allowed values are IPv4, IPv6.',
    ],
  ]);
});

test('port numbers', () => {
  assertAccepts(portOrNull, [
    [null, null],
    ['80', 80],
    [0, 0],
    [65535, 65535],
  ]);
  for (const bad of [65536, -1, 'x', 1.5, true, '']) {
    assertRefuses(portOrNull, [
      [bad, `SecurityGroupInvalidPortValue: Invalid value for port ${bad === true ? 'True' : bad}`],
    ]);
  }
});

test('no request may name a group "default"', () => {
  assertAccepts(securityGroupName, [['web', 'web']]);
  assertRefuses(securityGroupName, [
    ['Default', 'SecurityGroupDefaultAlreadyExists: Default security group already exists.'],
    [5, "'5' is not a valid string"],
  ]);
});
