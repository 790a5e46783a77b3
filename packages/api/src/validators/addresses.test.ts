import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccepts, assertRefuses } from './accepts.fixture.ts';
import { cidr, ipPrefixOrNull } from './cidr.ts';
import { ipAddress, ipAddressOrNull } from './ip-address.ts';
import { macAddress } from './mac-address.ts';

test('MAC addresses', () => {
  for (const form of [
    'FA:16:3E:00:0A:01',
    'fa-16-3e-00-0a-01',
    'fa16.3e00.0a01',
    'fa163e000a01',
    'fa:16:3e:0:a:1',
  ]) {
    assertAccepts(macAddress, [[form, 'fa:16:3e:00:0a:01']]);
  }
  for (const bad of [
    '',
    'fa:16:3e:00:0a',
    'fa:16:3e:00:0a:0g',
    ' fa:16:3e:00:0a:01',
    5,
    null,
    'fa:16-3e:00:0a:01',
  ]) {
    assertRefuses(macAddress, [[bad, `'${bad ?? 'None'}' is not a valid MAC address`]]);
  }
  assertRefuses(macAddress, [
    ['00:00:00:00:00:00', "'00:00:00:00:00:00' is not a valid MAC address"],
    ['ff:ff:ff:ff:ff:ff', "'ff:ff:ff:ff:ff:ff' is not a valid MAC address"],
    ['01:00:5e:00:00:01', 'MAC address 01:00:5e:00:00:01 is a multicast address, which is not supported.'],
  ]);
  assert.deepEqual(macAddress.fromQuery?.('FA-16-3E-00-0A-01'), { ok: true, value: 'fa:16:3e:00:0a:01' });
  assert.deepEqual(macAddress.fromQuery?.('x'), { ok: true, value: 'x' });
});

test('addresses', () => {
  assertAccepts(ipAddress, [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
  ]);
  assertRefuses(ipAddress, [
    ['192.0.2.01', "'192.0.2.01' is not an accepted IP address, '192.0.2.1' is recommended"],
    ['192.0.2', "'192.0.2' is not a valid IP address"],
    ['192.0.2.0/24', "'192.0.2.0/24' is not a valid IP address"],
    [' 192.0.2.1', "' 192.0.2.1' is not a valid IP address"],
    [3221225985, "'3221225985' is not a valid IP address"],
    ['fe80::1%eth0', "'fe80::1%eth0' is not a valid IP address"],
    [null, "'None' is not a valid IP address"],
  ]);
  assertAccepts(ipAddressOrNull, [[null, null]]);
  assert.deepEqual(ipAddressOrNull.fromQuery?.(''), { ok: true, value: null });
});

test('subnet prefixes lose their host bits', () => {
  assertAccepts(cidr, [
    ['10.0.0.1/24', '10.0.0.0/24'],
    ['2001:DB8::/64', '2001:db8::/64'],
  ]);
  assertRefuses(cidr, [
    ['x', 'InvalidInput: Invalid input for operation: x is not in a CIDR format.'],
    [null, 'InvalidInput: Invalid input for operation: None is not in a CIDR format.'],
    ['10.0.0.0/33', 'InvalidInput: Invalid input for operation: 10.0.0.0/33 is not in a CIDR format.'],
  ]);
});

test('remote prefixes keep them', () => {
  assertAccepts(ipPrefixOrNull, [
    ['10.0.0.1/24', '10.0.0.1/24'],
    ['10.0.0.1', '10.0.0.1/32'],
    ['', null],
    [null, null],
  ]);
  assertRefuses(ipPrefixOrNull, [
    ['10.0.0.1/x', 'InvalidCIDR: Invalid CIDR 10.0.0.1/x given as IP prefix.'],
    [7, 'InvalidCIDR: Invalid CIDR 7 given as IP prefix.'],
  ]);
});
