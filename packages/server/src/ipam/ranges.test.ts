import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ipFromValue, parseCidr, parseIp } from '@ovenbird/api';
import { rangeBetween, rangesOverlap, rangeText, without } from './address-range.ts';
import {
  AUTO_DELETED,
  isL3Owned,
  isOutOfReach,
  isRouterInterface,
  isRouterInternal,
  isRouterPort,
  isTrusted,
  takesNextAddress,
} from './device-owner.ts';
import { looksLikeEui64 } from './eui64.ts';
import { type IpamSubnet, ipamSubnet, isUsableAddress, storedCidr, subnetsServing } from './ipam-subnet.ts';
import { checkPools, poolsOf, rangesOf } from './pools.ts';

const four = (first: bigint, last: bigint) => ({ version: 4, first, last }) as const;
const six = (first: bigint, last: bigint) => ({ version: 6, first, last }) as const;
const messageOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'nothing was thrown';
};

describe('ranges of addresses', () => {
  it('overlap where they share an address', () => {
    const cases: readonly (readonly [bigint, bigint, boolean])[] = [
      [0n, 9n, false],
      [0n, 10n, true],
      [10n, 10n, true],
      [12n, 15n, true],
      [0n, 99n, true],
      [20n, 20n, true],
      [20n, 30n, true],
      [21n, 30n, false],
    ];
    for (const [first, last, expected] of cases) {
      assert.equal(rangesOverlap(four(10n, 20n), four(first, last)), expected, `${first}-${last}`);
      assert.equal(rangesOverlap(four(first, last), four(10n, 20n)), expected, `${first}-${last}`);
      assert.equal(rangesOverlap(six(first, last), four(10n, 20n)), false);
    }
  });

  it('read as their ends', () => {
    assert.equal(rangeText(four(0x0a000001n, 0x0a000002n)), '10.0.0.1-10.0.0.2');
    assert.deepEqual(rangeBetween('10.0.0.1', '10.0.0.1'), four(0x0a000001n, 0x0a000001n));
    for (const [start, end] of [
      ['x', '10.0.0.1'],
      ['10.0.0.1', 'x'],
      ['x', 'y'],
      ['10.0.0.2', '10.0.0.1'],
      ['0.0.0.1', '::2'],
    ] as const)
      assert.equal(rangeBetween(start, end), undefined, `${start} ${end}`);
  });

  it('lose one address', () => {
    assert.deepEqual(without(four(1n, 5n), 0n), [four(1n, 5n)]);
    assert.deepEqual(without(four(1n, 5n), 6n), [four(1n, 5n)]);
    assert.deepEqual(without(four(1n, 5n), 1n), [four(2n, 5n)]);
    assert.deepEqual(without(four(1n, 5n), 5n), [four(1n, 4n)]);
    assert.deepEqual(without(four(1n, 5n), 3n), [four(1n, 2n), four(4n, 5n)]);
    assert.deepEqual(without(four(3n, 3n), 3n), []);
    assert.deepEqual(without(four(3n, 9n), -5n), [four(3n, 9n)]);
  });
});

describe('pools', () => {
  const cidr = parseCidr('10.0.0.0/24');
  const pools = (...texts: readonly string[]) =>
    texts.map((text) => {
      const [start = '', end = ''] = text.split('-');
      return { start, end };
    });
  assert.ok(cidr);

  it('are shown in order', () => {
    const given = pools('10.0.0.9-10.0.0.9', '10.0.0.1-10.0.0.2', '10.0.0.5-10.0.0.6');
    const sorted = pools('10.0.0.1-10.0.0.2', '10.0.0.5-10.0.0.6', '10.0.0.9-10.0.0.9');
    assert.deepEqual(poolsOf(rangesOf(given)), sorted);
    assert.deepEqual(poolsOf(rangesOf(sorted)), sorted);
  });

  it('are refused by name', () => {
    const check = (...texts: readonly string[]) =>
      messageOf(() => checkPools(rangesOf(pools(...texts)), cidr));
    assert.match(check('10.0.0.9-10.0.0.2'), /10\.0\.0\.9-10\.0\.0\.2/);
    assert.match(check('::1-::2'), /::1-::2/);
    assert.match(check('10.0.0.0-10.0.0.2'), /10\.0\.0\.0-10\.0\.0\.2.*10\.0\.0\.0\/24/);
    assert.match(check('10.0.0.2-10.0.0.255'), /10\.0\.0\.2-10\.0\.0\.255.*10\.0\.0\.0\/24/);
    const both = /10\.0\.0\.2-10\.0\.0\.5.*10\.0\.0\.5-10\.0\.0\.7.*10\.0\.0\.0\/24/;
    assert.match(check('10.0.0.5-10.0.0.7', '10.0.0.20-10.0.0.21', '10.0.0.2-10.0.0.5'), both);
    assert.equal(check('10.0.0.1-10.0.0.4', '10.0.0.5-10.0.0.254'), 'nothing was thrown');
  });

  it('are none in a prefix without hosts', () => {
    const single = parseCidr('2001:db8::8/128');
    assert.ok(single);
    const text = messageOf(() => checkPools(rangesOf(pools('2001:db8::8-2001:db8::8')), single));
    assert.match(text, /2001:db8::8\/128/);
  });
});

describe('owners of ports', () => {
  /**
   * Owner: router port inside, interface, any of a router, of the router API, of the service, takes the next address, goes with its network, out
   * of reach. */
  const table: { readonly [owner: string]: string } = {
    '': '--------',
    'compute:nova': '--------',
    'xnetwork:dhcp': '--------',
    'network:dhcp': '----++++',
    'network:distributed': '----++++',
    'network:floatingip_agent_gateway': '----+-++',
    'network:router_gateway': '--+++--+',
    'network:floatingip': '---++--+',
    'network:router_interface': '+++++---',
    'network:ha_router_replicated_interface': '+++++---',
    'network:router_interface_distributed': '+++++---',
    'network:router_centralized_snat': '+-+++--+',
    'network:router_ha_interface': '---++--+',
  };
  for (const [owner, expected] of Object.entries(table))
    it(`'${owner}'`, () => {
      const told = [isRouterInternal, isRouterInterface, isRouterPort, isL3Owned, isTrusted, takesNextAddress]
        .map((ask) => ask(owner))
        .concat(AUTO_DELETED.includes(owner), isOutOfReach(owner));
      assert.equal(told.map((each) => (each ? '+' : '-')).join(''), expected);
    });
});

describe('what an address may be', () => {
  const usable = (prefix: string, text: string, owner = 'compute:x'): boolean => {
    const [cidr, ip] = [parseCidr(prefix), parseIp(text)];
    assert.ok(cidr && ip);
    return isUsableAddress(cidr, ip, owner);
  };

  it('neither network nor broadcast, but in a /31 and a /32', () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
      ['10.0.0.0/30', '10.0.0.0', false],
      ['10.0.0.0/30', '10.0.0.1', true],
      ['10.0.0.0/30', '10.0.0.2', true],
      ['10.0.0.0/30', '10.0.0.3', false],
      ['10.0.0.0/30', '10.0.0.4', false],
      ['10.0.0.0/31', '10.0.0.0', true],
      ['10.0.0.0/31', '10.0.0.1', true],
      ['10.0.0.0/31', '10.0.0.2', false],
      ['10.0.0.7/32', '10.0.0.7', true],
      ['10.0.0.7/32', '10.0.0.6', false],
      ['2001:db8::/126', '2001:db8::1', true],
      ['2001:db8::/126', '2001:db8::3', true],
      ['2001:db8::/126', '2001:db8::4', false],
      ['0.0.0.0/0', '::1', false],
    ];
    for (const [prefix, text, expected] of cases)
      assert.equal(usable(prefix, text), expected, `${prefix} ${text}`);
  });

  it('the anycast address of an IPv6 subnet only for routers and those that nobody owns', () => {
    for (const [owner, expected] of [
      ['', true],
      ['network:router_interface', true],
      ['network:router_gateway', true],
      ['network:dhcp', false],
      ['compute:x', false],
    ] as const)
      assert.equal(usable('2001:db8::/64', '2001:db8::', owner), expected, owner);
  });

  it('as stored, or nothing works', () => {
    assert.equal(storedCidr('10.0.0.0/24').prefix, 24);
    assert.throws(() => storedCidr('10.0.0.0/33'), { message: 'the stored prefix 10.0.0.0/33 is none' });
  });

  it('looks like EUI-64 only in IPv6', () => {
    assert.equal(looksLikeEui64(ipFromValue(6, 0xfffe000000n)), true);
    assert.equal(looksLikeEui64(ipFromValue(6, 0xfffd000000n)), false);
    assert.equal(looksLikeEui64({ ...ipFromValue(6, 0xfffe000000n), version: 4 }), false);
  });
});

describe('subnets that serve an owner', () => {
  const subnet = (id: string, types: readonly string[], dhcp: 0 | 1 = 1): IpamSubnet =>
    ipamSubnet({
      id,
      network_id: 'n',
      ip_version: 4,
      cidr: '10.0.0.0/24',
      allocation_pools: '[]',
      gateway_ip: null,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
      enable_dhcp: dhcp,
      segment_id: null,
      service_types: JSON.stringify(types),
    });
  const served = (owner: string, ...subnets: readonly IpamSubnet[]) =>
    subnetsServing(subnets, owner)
      .map(({ id }) => id)
      .join(' ');

  it('are all without types, and first those of its own type', () => {
    const [plain, compute, other] = [
      subnet('plain', []),
      subnet('compute', ['compute:x']),
      subnet('other', ['y']),
    ];
    assert.equal(served('compute:x', plain, subnet('more', [])), 'plain more');
    assert.equal(served('compute:x', plain, other, compute), 'compute plain');
    assert.equal(served('z', plain, other, compute), 'plain');
    assert.equal(served('z', other, compute), '');
  });

  it('are all for DHCP that have it', () => {
    const typed = subnet('typed', ['compute:x']);
    const off = subnet('off', ['compute:x'], 0);
    assert.equal(served('network:dhcp', typed, off, subnet('plain', [], 0)), 'typed plain');
  });
});
