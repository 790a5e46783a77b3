import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccepts, assertRefuses } from './accepts.fixture.ts';
import { addressPairs } from './allowed-address-pairs.ts';
import { availabilityZoneHints } from './availability-zone-hints.ts';
import { bindingProfile, dict } from './dict.ts';
import { extraDhcpOpts } from './extra-dhcp-opts.ts';
import { fixedIps } from './fixed-ips.ts';
import { integer } from './integer.ts';
import { listOf } from './list-of.ts';
import { segments } from './segments.ts';
import { allocationPools, hostRoutes, nameservers } from './subnet-values.ts';

const ID = '6fa1c5a1-8c3a-4f0e-9d1b-0d8a5c1e2f30';
const MAC = 'fa:16:3e:00:00:01';

test('allocation pools', () => {
  assertAccepts(allocationPools, [
    [null, []],
    [[{ start: '2001:DB8::1', end: '2001:db8::0:9' }], [{ start: '2001:db8::1', end: '2001:db8::9' }]],
  ]);
  assertRefuses(allocationPools, [
    ['x', "Invalid data format for IP pool: 'x'"],
    [[1], "Invalid input. '1' must be a dictionary with keys: ['start', 'end']"],
    [
      [{ start: '10.0.0.1' }],
      "Validation of dictionary's keys failed. Expected keys: ['start', 'end'] Provided keys: ['start']",
    ],
    [
      [{ start: '10.0.0.1', end: '10.0.0.2', x: 1 }],
      "Validation of dictionary's keys failed. Expected keys: ['start', 'end'] Provided keys: ['start', 'end', 'x']",
    ],
    [[{ start: '10.0.0.1', end: 'x' }], "'x' is not a valid IP address"],
    [[{ start: null, end: 'x' }], "'None' is not a valid IP address"],
  ]);
});

test('name servers', () => {
  assertAccepts(nameservers, [
    [null, []],
    [
      ['9.9.9.9', '2620:FE::FE'],
      ['9.9.9.9', '2620:fe::fe'],
    ],
  ]);
  assertRefuses(nameservers, [
    ['9.9.9.9', "Invalid data format for nameserver: '9.9.9.9'"],
    [['x'], "'x' is not a valid nameserver. 'x' is not a valid IP address"],
    [['2620:fe::fe', '2620:FE::FE'], "Duplicate nameserver '2620:fe::fe'"],
  ]);
});

test('host routes', () => {
  const route = { destination: '10.1.0.0/16', nexthop: '10.0.0.1' };
  assertAccepts(hostRoutes, [
    [null, []],
    [[route], [route]],
  ]);
  assertRefuses(hostRoutes, [
    [{}, "Invalid data format for hostroute: '{}'"],
    [[{ ...route, destination: '10.1.0.1/16' }], "'10.1.0.1/16' is not a valid CIDR"],
    [[{ ...route, destination: '10.1.0.0' }], "'10.1.0.0' is not a valid CIDR"],
    [[{ ...route, destination: '127.1.0.0/16' }], "'127.1.0.0/16' is not a routable CIDR"],
    [[{ ...route, destination: '::1/128' }], "'::1/128' is not a routable CIDR"],
    [[{ ...route, nexthop: 'x' }], "'x' is not a valid IP address"],
    [[route, route], "Duplicate hostroute '{'destination': '10.1.0.0/16', 'nexthop': '10.0.0.1'}'"],
  ]);
});

test('fixed IPs', () => {
  assertAccepts(fixedIps, [
    [[], []],
    [[{}], [{}]],
    [[{ other: 1 }], [{}]],
    [[{ subnet_id: ID.toUpperCase() }], [{ subnet_id: ID }]],
    [[{ subnet_id: ID, ip_address: '2001:DB8::1' }], [{ subnet_id: ID, ip_address: '2001:db8::1' }]],
    [[{ subnet_id: ID, delete_subnet: true }], [{ subnet_id: ID, delete_subnet: true }]],
  ]);
  assertRefuses(fixedIps, [
    [null, "Invalid data format for fixed IP: 'None'"],
    [['x'], "Invalid data format for fixed IP: 'x'"],
    [[{ ip_address: '1.1.1.1' }, { ip_address: '1.1.1.1' }], "Duplicate IP address '1.1.1.1'"],
    [[{ ip_address: null }], "'None' is not a valid IP address"],
    [[{ subnet_id: 'x' }], "'x' is not a valid UUID"],
  ]);
});

test('address pairs', () => {
  const pairs = addressPairs(2);
  assertAccepts(pairs, [
    [null, []],
    [[{ ip_address: '10.0.0.5' }], [{ ip_address: '10.0.0.5' }]],
    [
      [{ ip_address: '10.0.0.5/24', mac_address: MAC.toUpperCase() }],
      [{ ip_address: '10.0.0.5/24', mac_address: MAC }],
    ],
    [[{ ip_address: '0.0.0.0/0' }], [{ ip_address: '0.0.0.0/0' }]],
  ]);
  const bad = (message: string): string => `HTTPBadRequest: ${message}`;
  assertRefuses(pairs, [
    ['x', bad('Allowed address pairs must be a list.')],
    [[{}, {}, {}], 'AllowedAddressPairExhausted: The number of allowed address pair exceeds the maximum 2.'],
    [['x'], "'x' is not a dictionary"],
    [[{ mac_address: MAC }], 'AllowedAddressPairsMissingIP: AllowedAddressPair must contain ip_address'],
    [[{ ip_address: '10.0.0.5', x: 1 }], bad("Unrecognized attribute(s) 'x'")],
    [[{ ip_address: '10.0.0.300' }], bad("'10.0.0.300' is not a valid IP address")],
    [[{ ip_address: 5 }], bad("'5' is not a valid IP address")],
    [[{ ip_address: '10.0.0.0/33' }], bad("'10.0.0.0/33' is not a valid IP subnet")],
    [[{ ip_address: '224.0.0.5' }], bad('IP 224.0.0.5 is a multicast address, which is not supported.')],
    [
      [{ ip_address: 'ff02::/16' }],
      bad('Subnet ff02::/16 overlaps with multicast range ff00::/8, which is not supported.'),
    ],
    [
      [{ ip_address: '192.0.0.0/2' }],
      bad('Subnet 192.0.0.0/2 overlaps with multicast range 224.0.0.0/4, which is not supported.'),
    ],
    [[{ ip_address: '10.0.0.5', mac_address: 'x' }], bad("'x' is not a valid MAC address")],
    [
      [{ ip_address: '10.0.0.5', mac_address: '01:00:5e:00:00:01' }],
      bad('MAC address 01:00:5e:00:00:01 is a multicast address, which is not supported.'),
    ],
    [
      [{ ip_address: '2001:db8::1' }, { ip_address: '2001:DB8::1' }],
      'DuplicateAddressPairInRequest: Request contains duplicate address pair: mac_address None ip_address 2001:db8::1.',
    ],
  ]);
});

test('DHCP options', () => {
  assertAccepts(extraDhcpOpts, [
    [null, []],
    [
      [{ opt_name: 'bootfile-name', opt_value: 'x' }],
      [{ opt_name: 'bootfile-name', opt_value: 'x', ip_version: 4 }],
    ],
    [
      [{ opt_name: 'router', opt_value: '', ip_version: '6' }],
      [{ opt_name: 'router', opt_value: '', ip_version: 6 }],
    ],
    [
      [{ opt_name: 'bootfile-name', opt_value: null }],
      [{ opt_name: 'bootfile-name', opt_value: null, ip_version: 4 }],
    ],
  ]);
  for (const bad of [
    { opt_name: 'a' },
    { opt_name: 'a', opt_value: '' },
    { opt_name: 'a', opt_value: 'b', x: 1 },
    5,
  ]) {
    const parsed = extraDhcpOpts.parse([bad]);
    assert.ok(!parsed.ok && parsed.error?.type === 'InvalidInput');
    assert.match(parsed.reason, /^Invalid input for operation: No valid key specs matched for: /);
  }
  const text = extraDhcpOpts.parse('x');
  assert.ok(!text.ok && text.error?.type === 'InvalidInput');
  const twice = extraDhcpOpts.parse([
    { opt_name: 'a', opt_value: 'b' },
    { opt_name: 'a', opt_value: 'c', ip_version: 4 },
  ]);
  assert.ok(!twice.ok && twice.reason.startsWith('Duplicate items in the list'));
});

test('segments', () => {
  assertAccepts(segments, [
    [
      [
        {
          'provider:network_type': 'vlan',
          'provider:physical_network': 'p',
          'provider:segmentation_id': '7',
        },
      ],
      [{ 'provider:network_type': 'vlan', 'provider:physical_network': 'p', 'provider:segmentation_id': 7 }],
    ],
    [
      [{ 'provider:network_type': 'geneve', 'provider:segmentation_id': null }],
      [{ 'provider:network_type': 'geneve' }],
    ],
  ]);
  assertRefuses(segments, [
    ['x', "'x' is not a list"],
    [['x'], "'x' is not a dictionary"],
    [[{ vlan: 1 }], "HTTPBadRequest: Unrecognized attribute(s) 'vlan'"],
    [
      [{ 'provider:segmentation_id': 'x' }],
      "InvalidInput: Invalid input for operation: 'x' is not an integer.",
    ],
  ]);
});

test('objects of any content', () => {
  assertAccepts(dict, [[{ a: [1, { b: null }] }, { a: [1, { b: null }] }]]);
  assertAccepts(bindingProfile, [
    [null, {}],
    [{ migrating_to: 'host' }, { migrating_to: 'host' }],
  ]);
  let deep: unknown = 1;
  for (let level = 0; level < 100_000; level++) deep = { deep };
  assertRefuses(dict, [
    [[], "'[]' is not a dictionary"],
    [deep, 'a value in the dictionary cannot be stored'],
    [{ a: ['\0'] }, 'a value in the dictionary cannot be stored'],
    [{ '\0': 1 }, 'a value in the dictionary cannot be stored'],
  ]);
  const profile = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
  assert.ok(bindingProfile.parse(profile(4095)).ok);
  assertRefuses(bindingProfile, [
    [profile(4096), 'InvalidInput: Invalid input for operation: binding:profile value too large.'],
  ]);
});

test('availability zone hints and plain lists', () => {
  assertAccepts(availabilityZoneHints, [
    [
      ['az1', 'az2'],
      ['az1', 'az2'],
    ],
  ]);
  assertRefuses(availabilityZoneHints, [
    [
      ['a'.repeat(130), 'b'.repeat(130)],
      'InvalidInput: Invalid input for operation: Too many availability_zone_hints specified.',
    ],
  ]);
  assertAccepts(listOf(integer(0)), [
    [
      ['1', 2],
      [1, 2],
    ],
  ]);
  assertRefuses(listOf(integer(0)), [
    [[-1], "'-1' should be non-negative"],
    ['x', "'x' is not a list"],
  ]);
});
