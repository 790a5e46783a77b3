import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scriptedRandom } from '../testing/scripted-random.ts';
import type { AddressRange } from './address-range.ts';
import { findFree, LEAF, type UsedAddresses } from './free-addresses.ts';
import { systemRandom } from './random.ts';

interface Counted extends UsedAddresses {
  readonly statements: () => number;
  readonly longestList: () => number;
}

/** The used addresses as an array, searched the naive way. */
const usedArray = (addresses: readonly bigint[]): Counted => {
  let statements = 0;
  let longest = 0;
  const within = (first: bigint, last: bigint) => addresses.filter((a) => first <= a && a <= last);
  return {
    statements: () => statements,
    longestList: () => longest,
    count: async (first, last) => {
      statements++;
      return BigInt(within(first, last).length);
    },
    list: async (first, last) => {
      statements++;
      const found = within(first, last).sort((a, b) => (a < b ? -1 : 1));
      longest = Math.max(longest, found.length);
      return found;
    },
  };
};

const range = (first: bigint, last: bigint): AddressRange => ({ version: 4, first, last });

describe('search for free addresses', () => {
  it('finds exactly the free ones, and all of them when asked for more', async () => {
    const addresses = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(addresses, addresses, fc.nat(120), fc.boolean(), async (used, taken, need, lowest) => {
        const ranges = [range(10n, 29n), range(40n, 89n)];
        const held = taken.filter((address) => !used.includes(address)).map(BigInt);
        const free = [...Array(20).keys()]
          .map((index) => index + 10)
          .concat([...Array(50).keys()].map((index) => index + 40))
          .filter((address) => !used.includes(address) && !held.includes(BigInt(address)))
          .map(BigInt);
        const found = await findFree(usedArray(used.map(BigInt)), ranges, need, {
          lowest,
          random: systemRandom,
          taken: new Set(held),
        });
        assert.equal(found.length, Math.min(need, free.length));
        assert.equal(new Set(found).size, found.length);
        assert.ok(found.every((address) => free.includes(address)));
        if (lowest) assert.deepEqual(found, free.slice(0, need));
      }),
    );
  });

  it('finds the one free address of a full /16 with few, short reads', async () => {
    const all = Array.from({ length: 65_536 }, (_, index) => BigInt(index));
    for (const hole of [0n, 1n, 32_767n, 32_768n, 50_001n, 65_535n]) {
      const used = usedArray(all.filter((address) => address !== hole));
      const options = { lowest: false, random: systemRandom, taken: new Set<bigint>() };
      const found = await findFree(used, [range(0n, 65_535n)], 2, options);
      assert.deepEqual(found, [hole]);
      assert.ok(used.statements() <= 14, `${used.statements()} statements`);
      assert.ok(used.longestList() <= LEAF);
    }
  });

  it('reads one block of a /16 that is nearly full', async () => {
    const used = usedArray(
      Array.from({ length: 65_536 }, (_, index) => BigInt(index)).filter((a) => a % 10n !== 0n),
    );
    const options = { lowest: false, random: systemRandom, taken: new Set<bigint>() };
    const found = await findFree(used, [range(0n, 65_535n)], 5, options);
    assert.equal(found.length, 5);
    assert.equal(used.statements(), 1);
  });

  it('answers for a /64 without counting through it', async () => {
    const used = usedArray([1n, 2n, 3n]);
    const first = 0x20010db8n << 96n;
    const options = { lowest: true, random: systemRandom, taken: new Set<bigint>() };
    const found = await findFree(
      used,
      [{ version: 6, first: first + 1n, last: first + 2n ** 64n - 1n }],
      3,
      options,
    );
    assert.deepEqual(found, [first + 1n, first + 2n, first + 3n]);
    assert.ok(used.statements() <= 4);
  });

  it('looks into a block as long as a read, anywhere', async () => {
    const random = scriptedRandom(1n, 5n);
    const options = { lowest: false, random, taken: new Set<bigint>() };
    assert.deepEqual(await findFree(usedArray([2n]), [range(0n, BigInt(LEAF))], 1, options), [7n]);
    assert.deepEqual(random.bounds, [2n, BigInt(LEAF) - 1n]);
  });

  it('counts no further than a read reaches', async () => {
    const full = Array.from({ length: LEAF }, (_, index) => BigInt(index));
    for (const [last, expected, statements] of [
      // Read, and done.
      [BigInt(LEAF) - 1n, [], 1],
      // Read, counted, full.
      [BigInt(LEAF), [BigInt(LEAF)], 3],
      // Read, counted, and what is used can be read: nothing is halved.
      [2n * BigInt(LEAF) - 1n, [BigInt(LEAF)], 3],
    ] as const) {
      const used = usedArray(full);
      const options = { lowest: true, random: scriptedRandom(), taken: new Set<bigint>() };
      assert.deepEqual(await findFree(used, [range(0n, last)], 1, options), expected);
      assert.equal(used.statements(), statements, String(last));
    }
  });

  it('narrows down to the free address that was drawn, past those that are only chosen', async () => {
    // Of each 1,024 addresses one is free; none of them is in the first block that is read.
    const free = [0n, 2047n, 3000n, 4000n, 5000n, 6000n, 7000n, 8191n];
    const chosen = [1n, 2n, 1500n, 2100n, 3100n, 4500n, 8000n];
    const all = Array.from({ length: 8192 }, (_, index) => BigInt(index));
    const used = usedArray(all.filter((address) => !free.includes(address) && !chosen.includes(address)));
    for (const [index, address] of free.entries()) {
      const random = scriptedRandom(1n, BigInt(index));
      const options = { lowest: false, random, taken: new Set(chosen) };
      assert.deepEqual(await findFree(used, [range(0n, 8191n)], 1, options), [address]);
      assert.deepEqual(random.bounds, [8192n - BigInt(LEAF) + 1n, 8n, 1n]);
    }
  });

  it('reaches every free address', async () => {
    const seen = new Set<bigint>();
    for (let round = 0; round < 400; round++) {
      const options = { lowest: false, random: systemRandom, taken: new Set<bigint>() };
      const [found] = await findFree(usedArray([4n, 5n]), [range(3n, 9n)], 1, options);
      assert.ok(found !== undefined);
      seen.add(found);
    }
    assert.deepEqual([...seen].sort(), [3n, 6n, 7n, 8n, 9n]);
  });
});
