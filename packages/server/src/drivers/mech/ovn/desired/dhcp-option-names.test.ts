import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dhcpOption, dhcpOptionValue } from './dhcp-option-names.ts';

type Row = readonly [name: string, given: string, taken: string | undefined, ipVersion?: 6];

const table: readonly Row[] = [
  ['router', '10.1.0.1', '10.1.0.1'],
  ['router', ' {10.1.0.1} ', '{10.1.0.1}'],
  ['dns-server', '10.1.0.1,10.1.0.2 10.1.0.3', '{10.1.0.1, 10.1.0.2, 10.1.0.3}'],
  ['router', '', undefined],
  ['router', '{}', undefined],
  ['router', '{10.1.0.1', undefined],
  ['router', '10.1.0', undefined],
  ['router', '10.1.0.256', undefined],
  ['router', '10.1.0.1/24', undefined],
  ['router', '2001:db8::1', undefined],
  ['router', '10.1.0.1, x', undefined],
  ['default-ttl', '255', '255'],
  ['default-ttl', '256', undefined],
  ['tcp-ttl', '007', '7'],
  ['mtu', '65535', '65535'],
  ['mtu', '65536', undefined],
  ['lease-time', '4294967295', '4294967295'],
  ['lease-time', '4294967296', undefined],
  ['lease-time', '-1', undefined],
  ['ip-forward-enable', 'true', '1'],
  ['ip-forward-enable', '1', '1'],
  ['router-discovery', 'false', '0'],
  ['router-discovery', '0', '0'],
  ['ethernet-encap', 'constructor', undefined],
  ['ethernet-encap', '2', undefined],
  [
    'classless-static-route',
    '{10.8.0.0/16,10.1.0.1, 10.9.0.9,10.1.0.2}',
    '{10.8.0.0/16,10.1.0.1, 10.9.0.9,10.1.0.2}',
  ],
  ['classless-static-route', '10.8.0.0/16', undefined],
  ['classless-static-route', '10.8.0.0/16,10.1.0.1,10.9.0.0/16', undefined],
  ['classless-static-route', '10.8.0.0/33,10.1.0.1', undefined],
  ['classless-static-route', '10.8.0.0/16,10.1.0.1/32', undefined],
  ['classless-static-route', '/', undefined],
  ['domain-name', 'example.org', '"example.org"'],
  ['domain-name', '"example.org"', '"example.org"'],
  ['domain-name', 'a"b', undefined],
  ['domain-name', 'a\\', undefined],
  ['dns-server', '2001:db8::1', '2001:db8::1', 6],
  ['dns-server', '10.1.0.1', undefined, 6],
  ['server-id', '00:11:22:aa:BB:cc', '00:11:22:aa:BB:cc', 6],
  ['server-id', 'text', undefined, 6],
];

for (const [name, given, taken, ipVersion = 4] of table)
  test(`${name} ${given}: ${taken ?? 'left out'}`, () => {
    const option = dhcpOption(name, ipVersion, 'normal');
    assert.ok(option);
    assert.equal(dhcpOptionValue(option, given), taken);
  });
