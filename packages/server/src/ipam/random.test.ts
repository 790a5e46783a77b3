import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemRandom } from './random.ts';

describe('system random numbers', () => {
  it('stay below the bound and reach all values', () => {
    for (const bound of [1n, 2n, 3n, 7n, 256n]) {
      const seen = new Set<bigint>();
      for (let round = 0; round < 30 * Number(bound) + 100; round++) seen.add(systemRandom.below(bound));
      assert.ok([...seen].every((value) => 0n <= value && value < bound));
      assert.equal(seen.size, Number(bound));
    }
  });

  it('fill wide bounds', () => {
    for (const bound of [2n ** 48n - 1n, 2n ** 48n, 2n ** 48n + 1n, 5n * 2n ** 60n, 2n ** 100n]) {
      const draws = Array.from({ length: 200 }, () => systemRandom.below(bound));
      assert.ok(draws.every((value) => 0n <= value && value < bound));
      assert.ok(draws.some((value) => value > (bound * 3n) / 4n));
      assert.ok(draws.some((value) => value < bound / 4n));
    }
  });
});
