import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseCidr } from '@ovenbird/api';
import fc from 'fast-check';
import {
  blocksOf,
  blockText,
  cutPrefix,
  difference,
  includes,
  intersects,
  type PrefixSet,
  prefixSet,
} from './prefix-set.ts';

const cidr = (text: string) => parseCidr(text) ?? assert.fail(text);
const setOf = (...texts: readonly string[]): PrefixSet => prefixSet(texts.map(cidr));
const textsOf = (set: PrefixSet): readonly string[] => blocksOf(set).map(blockText);

// The oracle: addresses one by one in 10.0.0.0/24, where prefixes are 26 to 32 bits long.
const BASE = 10 * 2 ** 24;
const prefixes = fc.array(
  fc.tuple(fc.integer({ min: 26, max: 32 }), fc.nat(255)).map(([length, host]) => `10.0.0.${host}/${length}`),
  { maxLength: 6 },
);
const addresses = (texts: readonly string[]): ReadonlySet<number> =>
  new Set(
    texts.flatMap((text) => {
      const [ip = '', length = ''] = text.split('/');
      const size = 2 ** (32 - Number(length));
      const first = Math.floor(Number(ip.split('.')[3]) / size) * size;
      return Array.from({ length: size }, (_, index) => BASE + first + index);
    }),
  );
const members = (set: PrefixSet): ReadonlySet<number> =>
  new Set(
    set.flatMap(({ first, last }) =>
      Array.from({ length: Number(last - first) + 1 }, (_, index) => Number(first) + index),
    ),
  );

it('sets behave as sets of addresses', () => {
  fc.assert(
    fc.property(prefixes, prefixes, (some, others) => {
      const [a, b] = [setOf(...some), setOf(...others)];
      const [plainA, plainB] = [addresses(some), addresses(others)];
      assert.deepEqual(members(a), plainA);
      assert.deepEqual(members(difference(a, b)), plainA.difference(plainB));
      assert.equal(includes(a, b), plainB.isSubsetOf(plainA));
      assert.equal(intersects(a, b), !plainA.isDisjointFrom(plainB));
      assert.deepEqual(addresses(textsOf(a)), plainA);
    }),
  );
});

it('blocks are as few as can be', () => {
  fc.assert(
    fc.property(prefixes, (some) => {
      const blocks = textsOf(setOf(...some));
      for (const [index, block] of blocks.entries()) {
        const merged = setOf(block, blocks[index + 1] ?? block);
        const size = merged.reduce((sum, { first, last }) => sum + Number(last - first) + 1, 0);
        const aligned = merged.length === 1 && Number(merged[0]?.first ?? 0n) % size === 0;
        const whole = Number.isInteger(Math.log2(size)) && aligned;
        assert.ok(index + 1 === blocks.length || !whole, `${blocks}`);
      }
    }),
  );
});

it('a cut comes out of the smallest block, and what is left has room for it no more', () => {
  fc.assert(
    fc.property(prefixes, fc.integer({ min: 26, max: 32 }), (some, length) => {
      const set = setOf(...some);
      const cut = cutPrefix(set, length);
      const fits = blocksOf(set).some((block) => block.prefix <= length);
      assert.equal(cut !== undefined, fits);
      if (cut === undefined) return;
      const taken = setOf(blockText(cut));
      assert.ok(includes(set, taken));
      assert.equal(intersects(difference(set, taken), taken), false);
    }),
  );
  const cut = cutPrefix(setOf('10.0.0.0/16', '10.2.0.0/24', '10.3.0.0/23'), 24);
  assert.equal(cut && blockText(cut), '10.2.0.0/24');
});

it('prefixes are compacted, of both versions', () => {
  assert.deepEqual(textsOf(setOf('10.0.1.0/24', '10.0.0.0/24', '10.0.0.128/25', '10.9.0.0/16')), [
    '10.0.0.0/23',
    '10.9.0.0/16',
  ]);
  const [one, pair] = [setOf('10.0.0.5/32'), setOf('10.0.0.4/31')];
  assert.deepEqual([intersects(one, pair), intersects(pair, one), intersects(one, one)], [true, true, true]);
  assert.deepEqual(textsOf(setOf('2001:db8::/33', '2001:db8:8000::/33')), ['2001:db8::/32']);
  assert.deepEqual(textsOf(setOf('::/0')), ['::/0']);
  assert.deepEqual(textsOf(difference(setOf('0.0.0.0/0'), setOf('128.0.0.0/1'))), ['0.0.0.0/1']);
});
