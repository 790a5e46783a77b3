import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, it } from 'node:test';
import {
  GatewayConflictWithAllocationPools,
  InvalidAllocationPool,
  ipFromValue,
  OutOfBoundsAllocationPool,
  OverlappingAllocationPools,
  parseCidr,
  parseIp,
} from '@ovenbird/api';
import fc from 'fast-check';
import { rangeHas, sizeOf } from './address-range.ts';
import { checkGatewayOutsidePools, checkPools, defaultPools, hostRange, poolsOf, rangesOf } from './pools.ts';

const prefix = (text: string) => {
  const cidr = parseCidr(text);
  assert.ok(cidr, text);
  return cidr;
};
const ip = (text: string) => {
  const address = parseIp(text);
  assert.ok(address, text);
  return address;
};
const pool = (text: string) => {
  const [start = '', end = ''] = text.split('-');
  return { start, end };
};

describe('default pools', () => {
  const cases: readonly (readonly [string, string | null, readonly string[]])[] = [
    ['10.0.0.0/24', '10.0.0.1', ['10.0.0.2-10.0.0.254']],
    ['10.0.0.0/24', '10.0.0.254', ['10.0.0.1-10.0.0.253']],
    ['10.0.0.0/24', '10.0.0.100', ['10.0.0.1-10.0.0.99', '10.0.0.101-10.0.0.254']],
    ['10.0.0.0/24', null, ['10.0.0.1-10.0.0.254']],
    ['10.0.0.0/24', '192.168.0.1', ['10.0.0.1-10.0.0.254']],
    ['10.0.0.0/30', '10.0.0.1', ['10.0.0.2-10.0.0.2']],
    ['10.0.0.0/31', '10.0.0.1', ['10.0.0.0-10.0.0.0']],
    ['10.0.0.0/31', null, ['10.0.0.0-10.0.0.1']],
    ['10.0.0.7/32', '10.0.0.8', ['10.0.0.7-10.0.0.7']],
    ['10.0.0.7/32', '10.0.0.7', ['10.0.0.7-10.0.0.7']],
    ['2001:db8::/64', '2001:db8::', ['2001:db8::1-2001:db8::ffff:ffff:ffff:ffff']],
    ['2001:db8::/64', '2001:db8::1', ['2001:db8::2-2001:db8::ffff:ffff:ffff:ffff']],
    ['2001:db8::8/127', null, ['2001:db8::9-2001:db8::9']],
    ['2001:db8::8/127', '2001:db8::9', []],
    ['2001:db8::8/128', null, ['2001:db8::8-2001:db8::8']],
    ['2001:db8::8/128', '2001:db8::8', ['2001:db8::8-2001:db8::8']],
  ];
  for (const [cidr, gateway, expected] of cases) {
    it(`of ${cidr} with gateway ${gateway} are ${expected.join(', ')}`, () => {
      const ranges = defaultPools(prefix(cidr), gateway === null ? null : ip(gateway));
      assert.deepEqual(
        poolsOf(ranges).map(({ start, end }) => `${start}-${end}`),
        expected,
      );
    });
  }

  it('hold every host of the prefix but the gateway, and nothing else', () => {
    const prefixes = fc.tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.integer({ min: 24, max: 30 }));
    fc.assert(
      fc.property(prefixes, fc.nat(300), ([address, length], offset) => {
        const cidr = prefix(`${ipFromValue(4, address).text}/${length}`);
        const gatewayValue = cidr.network.value + BigInt(offset);
        fc.pre(gatewayValue < 2n ** 32n);
        const ranges = defaultPools(cidr, ipFromValue(4, gatewayValue));
        const inPrefix = new BlockList();
        inPrefix.addSubnet(cidr.network.text, length);
        const last = cidr.network.value + 2n ** BigInt(32 - length) - 1n;
        for (let value = cidr.network.value; value <= last; value++) {
          const candidate = ipFromValue(4, value);
          assert.ok(inPrefix.check(candidate.text));
          const expected = value !== cidr.network.value && value !== last && value !== gatewayValue;
          assert.equal(
            ranges.some((range) => rangeHas(range, candidate)),
            expected,
            candidate.text,
          );
        }
        const total = ranges.reduce((sum, range) => sum + sizeOf(range), 0n);
        const gatewayCounts = gatewayValue > cidr.network.value && gatewayValue < last ? 1n : 0n;
        assert.equal(total, last - cidr.network.value - 1n - gatewayCounts);
      }),
      { numRuns: 60 },
    );
  });
});

describe('given pools', () => {
  it('may lie anywhere among the hosts', () => {
    checkPools(rangesOf([pool('10.0.0.2-10.0.0.10'), pool('10.0.0.11-10.0.0.254')]), prefix('10.0.0.0/24'));
    checkPools(rangesOf([pool('10.0.0.0-10.0.0.1')]), prefix('10.0.0.0/31'));
    checkPools(rangesOf([pool('2001:db8::1-2001:db8::ff')]), prefix('2001:db8::/64'));
  });

  it('are refused when an end is missing, of another version, or before the start', () => {
    for (const text of ['10.0.0.9-10.0.0.2', '10.0.0.9-::1', '2001:db8::5-2001:db8::4']) {
      assert.throws(() => rangesOf([pool(text)]), InvalidAllocationPool.is, text);
    }
    const foreign = rangesOf([pool('2001:db8::1-2001:db8::4')]);
    assert.throws(() => checkPools(foreign, prefix('10.0.0.0/24')), InvalidAllocationPool.is);
  });

  it('are refused outside the hosts of the prefix', () => {
    for (const [text, cidr] of [
      ['10.0.0.0-10.0.0.9', '10.0.0.0/24'],
      ['10.0.0.9-10.0.0.255', '10.0.0.0/24'],
      ['10.0.1.1-10.0.1.9', '10.0.0.0/24'],
      ['2001:db8::-2001:db8::9', '2001:db8::/64'],
    ] as const) {
      assert.throws(
        () => checkPools(rangesOf([pool(text)]), prefix(cidr)),
        OutOfBoundsAllocationPool.is,
        text,
      );
    }
  });

  it('are refused exactly when two share an address', () => {
    const cidr = prefix('10.0.0.0/24');
    const range = fc.tuple(fc.integer({ min: 1, max: 254 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 5 }), (given) => {
        const pools = given.map(([start, length]) =>
          pool(`10.0.0.${start}-10.0.0.${Math.min(254, start + length)}`),
        );
        const seen = given.flatMap(([start, length]) =>
          Array.from({ length: Math.min(254, start + length) - start + 1 }, (_, index) => start + index),
        );
        const shares = new Set(seen).size !== seen.length;
        const check = () => checkPools(rangesOf(pools), cidr);
        if (shares) assert.throws(check, OverlappingAllocationPools.is);
        else check();
      }),
    );
  });

  it('may not hold the gateway', () => {
    const ranges = rangesOf([pool('10.0.0.2-10.0.0.9'), pool('10.0.0.20-10.0.0.29')]);
    checkGatewayOutsidePools(ip('10.0.0.1'), ranges);
    checkGatewayOutsidePools(ip('10.0.0.10'), ranges);
    checkGatewayOutsidePools(ip('::a00:14'), ranges);
    for (const text of ['10.0.0.2', '10.0.0.9', '10.0.0.25']) {
      assert.throws(() => checkGatewayOutsidePools(ip(text), ranges), GatewayConflictWithAllocationPools.is);
    }
  });
});

describe('hosts of a prefix', () => {
  it('are none in an IPv6 /128', () => assert.equal(hostRange(prefix('2001:db8::1/128')), undefined));
});
