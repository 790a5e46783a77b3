import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type GivenSubnet, subnetRequest } from '../testing/subnet-request.ts';
import { poolsOf } from './pools.ts';
import { addressChangedSubnet, addressNewSubnet, type SubnetState } from './subnet-rules.ts';

// Where what subnets may be ends, and what is said behind it.

const limits = { maxDnsNameservers: 2, maxSubnetHostRoutes: 2 };

const create = (given: GivenSubnet) => addressNewSubnet(subnetRequest(given), limits);

const current = (given: Partial<SubnetState> = {}): SubnetState => ({
  id: 'its id',
  ip_version: 4,
  cidr: '10.0.0.0/24',
  gateway_ip: '10.0.0.1',
  allocation_pools: [{ start: '10.0.0.2', end: '10.0.0.254' }],
  enable_dhcp: true,
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
  ...given,
});

/** The refusal's type and message; undefined: accepted. */
const refusal = (work: () => unknown): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${Reflect.get(error, 'type')} ${error.message}` : String(error);
  }
};
const input = (text: string): string => `InvalidInput Invalid input for operation: ${text}.`;

const v4 = '10.0.0.0/24';
const v6 = '2001:db8::/64';
const route = (host: number) => ({ destination: '10.1.0.0/24', nexthop: `10.0.0.${host}` });

describe('new subnets', () => {
  const both =
    "ipv6_ra_mode set to 'slaac' with ipv6_address_mode set to 'dhcpv6-stateful' is not valid. " +
    'If both attributes are set, they must be the same value';
  const eui64 =
    'Invalid CIDR 2001:db8::/63 for IPv6 address mode. ' +
    'OpenStack uses the EUI-64 address format, which requires the prefix to be /64';
  const cases: readonly (readonly [GivenSubnet, string?])[] = [
    [{ cidr: '10.0.0.0/30' }],
    [{ cidr: '2001:db8::/126' }],
    [{ cidr: 'nonsense' }, input("'nonsense' is not a valid cidr")],
    [{ cidr: v6, ip_version: 4 }, input(`cidr '${v6}' does not match the ip_version '4'`)],
    [{ cidr: '::1/128', enable_dhcp: false }],
    [{ cidr: '::7f00:0/120' }],
    [{ cidr: v6, ipv6_address_mode: 'slaac', enable_dhcp: true }],
    [{ cidr: v6, ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' }],
    [
      { cidr: v6, ipv6_address_mode: 'slaac', enable_dhcp: false },
      input('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False'),
    ],
    [{ cidr: v6, ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' }, input(both)],
    [{ cidr: '2001:db8::/63', ipv6_ra_mode: 'slaac' }, input(eui64)],
    [{ cidr: v4, dns_nameservers: ['10.0.0.2', '10.0.0.3'] }],
    [
      { cidr: v4, dns_nameservers: ['10.0.0.2', '10.0.0.3', '10.0.0.4'] },
      'DNSNameServersExhausted Unable to complete operation for new subnet. ' +
        'The number of DNS nameservers exceeds the limit 2.',
    ],
    [{ cidr: v4, host_routes: [route(2), route(3)] }],
    [
      { cidr: v4, host_routes: [route(2), route(3), route(4)] },
      'HostRoutesExhausted Unable to complete operation for new subnet. ' +
        'The number of host routes exceeds the limit 2.',
    ],
    [
      { cidr: v4, allocation_pools: [{ start: '10.0.0.9', end: '10.0.1.9' }] },
      'OutOfBoundsAllocationPool The allocation pool 10.0.0.9-10.0.1.9 spans beyond the subnet cidr 10.0.0.0/24.',
    ],
    [
      { cidr: v4, allocation_pools: [{ start: '10.0.0.1', end: '10.0.0.9' }] },
      'GatewayConflictWithAllocationPools Gateway ip 10.0.0.1 conflicts with allocation pool 10.0.0.1-10.0.0.9.',
    ],
  ];
  for (const [given, expected] of cases)
    it(JSON.stringify(given), () =>
      assert.equal(
        refusal(() => create(given)),
        expected,
      ),
    );

  it('have the pools that they are given, from the gateway on where there is none', () => {
    const pools = [{ start: '10.0.0.1', end: '10.0.0.9' }];
    const { cidr, gateway, pools: made } = create({ cidr: v4, allocation_pools: pools, gateway_ip: null });
    assert.deepEqual([cidr.canonical, gateway, poolsOf(made)], [v4, null, pools]);
    const last = create({ cidr: '255.255.255.255/32', enable_dhcp: false });
    assert.equal(last.gateway?.text, '255.255.255.255');
  });
});

describe('changed subnets', () => {
  const change = (given: Parameters<typeof addressChangedSubnet>[1], state = current()) =>
    addressChangedSubnet(state, given, limits);

  it('need no DHCP prefix while DHCP stays as it is', () => {
    const odd = { cidr: '10.0.0.0/31', gateway_ip: null, allocation_pools: [] };
    assert.equal(
      refusal(() => change({}, current({ ...odd, enable_dhcp: false }))),
      undefined,
    );
    assert.equal(
      refusal(() => change({ enable_dhcp: true }, current(odd))),
      undefined,
    );
    assert.match(
      String(refusal(() => change({ enable_dhcp: true }, current({ ...odd, enable_dhcp: false })))),
      /^InvalidInput .*incompatible with DHCP/,
    );
  });

  it('keep DHCP while a mode of IPv6 is set', () => {
    const modern = current({ ip_version: 6, cidr: v6, gateway_ip: null, allocation_pools: [] });
    const off = { enable_dhcp: false };
    const message = input('Cannot disable enable_dhcp with ipv6 attributes set');
    assert.equal(
      refusal(() => change(off, { ...modern, ipv6_address_mode: 'slaac' })),
      message,
    );
    assert.equal(
      refusal(() => change(off, { ...modern, ipv6_ra_mode: 'slaac' })),
      message,
    );
    assert.equal(
      refusal(() => change({}, { ...modern, ipv6_ra_mode: 'slaac' })),
      undefined,
    );
    assert.equal(
      refusal(() => change(off, modern)),
      undefined,
    );
    assert.equal(
      refusal(() => change(off)),
      undefined,
    );
  });

  it('look at gateway and pools only where one of them changes', () => {
    // As an upgrade might find them: the gateway in a pool, pools outside.
    const strange = current({ allocation_pools: [{ start: '10.0.0.1', end: '10.0.1.9' }] });
    assert.equal(
      refusal(() => change({ gateway_ip: '10.0.0.1' }, strange)),
      undefined,
    );
    assert.match(
      String(refusal(() => change({ allocation_pools: strange.allocation_pools }))),
      /^OutOfBoundsAllocationPool /,
    );
    const edge = current({ gateway_ip: '10.0.0.255' });
    assert.equal(
      refusal(() => change({}, edge)),
      undefined,
    );
    assert.match(
      String(refusal(() => change({ dns_nameservers: ['a'] }))),
      /'a' is not a valid dns_nameserver/,
    );
    assert.match(
      String(refusal(() => change({ host_routes: [route(2), route(3), route(4)] }))),
      /^HostRoutesExhausted .*its id/,
    );
  });
});
