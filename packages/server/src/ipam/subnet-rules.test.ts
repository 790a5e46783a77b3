import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  ApiError,
  DNSNameServersExhausted,
  GatewayConflictWithAllocationPools,
  HostRoutesExhausted,
  InvalidInput,
  ipFromValue,
} from '@ovenbird/api';
import fc from 'fast-check';
import { type GivenSubnet, subnetRequest } from '../testing/subnet-request.ts';
import { rangeHas } from './address-range.ts';
import { poolsOf } from './pools.ts';
import {
  addressChangedSubnet,
  addressNewSubnet,
  type SubnetChange,
  type SubnetState,
} from './subnet-rules.ts';

const LIMITS = { maxDnsNameservers: 2, maxSubnetHostRoutes: 2 };

const create = (given: GivenSubnet) => addressNewSubnet(subnetRequest(given), LIMITS);
const refusesInput = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (error: unknown) => InvalidInput.is(error) && message.test(error.message));

const gateways: readonly (readonly [string, string | null | undefined, string | null])[] = [
  ['10.0.0.0/24', undefined, '10.0.0.1'],
  ['10.0.0.0/24', null, null],
  ['10.0.0.0/24', '10.0.0.254', '10.0.0.254'],
  ['10.0.0.0/24', '192.168.0.1', '192.168.0.1'],
  ['2001:db8::/64', undefined, '2001:db8::'],
  ['2001:db8::/64', 'fe80::1', 'fe80::1'],
  ['2001:db8::/64', '2001:db8::ffff:ffff:ffff:ffff', '2001:db8::ffff:ffff:ffff:ffff'],
];

const refused: readonly (readonly [GivenSubnet, RegExp])[] = [
  [{ cidr: '0.0.0.0/0', enable_dhcp: false }, /prefix length/],
  [{ cidr: '::/64' }, /'::' is not supported/],
  [{ cidr: '2001:db8::/64', ip_version: 4 }, /does not match the ip_version/],
  [{ cidr: '10.0.0.0/31' }, /incompatible with DHCP/],
  [{ cidr: '2001:db8::/127' }, /incompatible with DHCP/],
  [{ cidr: '224.0.0.0/16' }, /Multicast/],
  [{ cidr: '127.0.0.0/24' }, /Loopback/],
  [{ cidr: '0.0.0.0/8' }, /0\.0\.0\.0/],
  [{ cidr: '10.0.0.0/24', gateway_ip: '10.0.0.0' }, /Gateway is not valid/],
  [{ cidr: '10.0.0.0/24', gateway_ip: '10.0.0.255' }, /Gateway is not valid/],
  [{ cidr: '10.0.0.0/24', gateway_ip: '2001:db8::1' }, /gateway_ip/],
  [{ cidr: '10.0.0.0/24', dns_nameservers: ['2001:db8::1'] }, /dns_nameserver/],
  [
    { cidr: '10.0.0.0/24', host_routes: [{ destination: '2001:db8::/64', nexthop: '10.0.0.1' }] },
    /destination/,
  ],
  [{ cidr: '10.0.0.0/24', host_routes: [{ destination: '10.1.0.0/24', nexthop: '2001:db8::1' }] }, /nexthop/],
  [{ cidr: '10.0.0.0/24', ipv6_ra_mode: 'slaac' }, /ipv6_ra_mode is not valid/],
  [{ cidr: '10.0.0.0/24', ipv6_address_mode: 'slaac' }, /ipv6_address_mode is not valid/],
  [{ cidr: '2001:db8::/64', ipv6_ra_mode: 'slaac', enable_dhcp: false }, /enable_dhcp/],
  [{ cidr: '2001:db8::/64', ipv6_ra_mode: 'slaac', ipv6_address_mode: 'dhcpv6-stateful' }, /same value/],
  [{ cidr: '2001:db8::/63', ipv6_address_mode: 'slaac' }, /\/64/],
  [{ cidr: '2001:db8::/80', ipv6_ra_mode: 'dhcpv6-stateless' }, /\/64/],
];

describe('new subnets', () => {
  for (const [cidr, given, expected] of gateways) {
    it(`of ${cidr} with gateway ${given} get ${expected}`, () =>
      assert.equal(create({ cidr, gateway_ip: given }).gateway?.text ?? null, expected));
  }

  it('keep the network of a prefix with host bits', () => {
    assert.equal(create({ cidr: '10.0.0.77/24' }).cidr.canonical, '10.0.0.0/24');
  });

  for (const [given, message] of refused) {
    it(`are refused: ${JSON.stringify(given)}`, () => refusesInput(() => create(given), message));
  }

  it('may be odd when nobody serves DHCP there', () => {
    for (const cidr of ['10.0.0.0/31', '10.0.0.1/32', '224.0.0.0/16', '127.0.0.0/24', '2001:db8::1/128']) {
      create({ cidr, enable_dhcp: false });
    }
    create({ cidr: '2001:db8::/80', ipv6_ra_mode: 'dhcpv6-stateful' });
  });

  it('have limits', () => {
    const servers = ['10.0.0.2', '10.0.0.3', '10.0.0.4'];
    assert.throws(
      () => create({ cidr: '10.0.0.0/24', dns_nameservers: servers }),
      DNSNameServersExhausted.is,
    );
    const routes = servers.map((nexthop) => ({ destination: '10.1.0.0/24', nexthop }));
    assert.throws(() => create({ cidr: '10.0.0.0/24', host_routes: routes }), HostRoutesExhausted.is);
  });

  it('never put the gateway into a pool, and throw nothing but ApiError', () => {
    const prefix = fc.oneof(
      fc
        .tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 0, max: 32 }))
        .map(([address, length]) => `${ipFromValue(4, address).text}/${length}`),
      fc
        .tuple(fc.bigInt(0n, 2n ** 128n - 1n), fc.integer({ min: 0, max: 128 }))
        .map(([address, length]) => `${ipFromValue(6, address).text}/${length}`),
    );
    fc.assert(
      fc.property(prefix, fc.boolean(), (cidr, enable_dhcp) => {
        try {
          const { gateway, pools } = create({ cidr, enable_dhcp });
          const lonely = cidr.endsWith('/32') || cidr.endsWith('/128');
          assert.ok(lonely || gateway === null || pools.every((pool) => !rangeHas(pool, gateway)), cidr);
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
      }),
    );
  });
});

describe('changed subnets', () => {
  const current = (given: Partial<SubnetState> = {}): SubnetState => {
    const cidr = given.cidr ?? '10.0.0.0/24';
    const addressing = create({ cidr });
    return {
      id: 'subnet',
      ip_version: addressing.cidr.version,
      cidr,
      gateway_ip: addressing.gateway?.text ?? null,
      allocation_pools: poolsOf(addressing.pools),
      enable_dhcp: true,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
      ...given,
    };
  };
  const change = (given: SubnetChange, state = current()) => addressChangedSubnet(state, given, LIMITS);

  it('keep what is not named', () => {
    const { gateway, pools } = change({});
    assert.equal(gateway?.text, '10.0.0.1');
    assert.deepEqual(poolsOf(pools), current().allocation_pools);
  });

  it('check the new gateway against the pools they keep, and the other way round', () => {
    assert.throws(() => change({ gateway_ip: '10.0.0.9' }), GatewayConflictWithAllocationPools.is);
    const pools = [{ start: '10.0.0.1', end: '10.0.0.9' }];
    assert.throws(() => change({ allocation_pools: pools }), GatewayConflictWithAllocationPools.is);
    assert.equal(change({ allocation_pools: pools, gateway_ip: null }).gateway, null);
    assert.equal(change({ allocation_pools: pools, gateway_ip: '10.0.0.10' }).gateway?.text, '10.0.0.10');
  });

  it('check prefix, modes and limits anew only where they change', () => {
    const odd = current({ cidr: '10.0.0.0/24', enable_dhcp: false });
    assert.throws(
      () => change({ enable_dhcp: true }, { ...odd, cidr: '10.0.0.0/31', gateway_ip: null }),
      InvalidInput.is,
    );
    const slaac = current({ cidr: '2001:db8::/64', ipv6_ra_mode: 'slaac' });
    refusesInput(() => change({ enable_dhcp: false }, slaac), /ipv6 attributes/);
    refusesInput(() => change({ dns_nameservers: ['::1'] }), /dns_nameserver/);
    refusesInput(() => change({ gateway_ip: '10.0.0.255' }), /Gateway is not valid/);
    const routes = Array.from({ length: 3 }, (_, index) => ({
      destination: `10.${index}.0.0/16`,
      nexthop: '10.0.0.2',
    }));
    assert.throws(() => change({ host_routes: routes }), HostRoutesExhausted.is);
  });
});
