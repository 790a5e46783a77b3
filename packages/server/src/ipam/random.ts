import { randomBytes, randomInt } from 'node:crypto';

/** A source of uniformly distributed numbers; tests inject a seeded one. */
export interface Random {
  /** A number at least 0 and below `bound`; `bound` is at least 1. */
  below(bound: bigint): bigint;
}

/** What `randomInt` takes, exclusive. */
const LARGEST_INT = 2n ** 48n;

const bitLength = (value: bigint): number => value.toString(2).length;

/** Numbers from the operating system's generator. */
export const systemRandom: Random = {
  below(bound) {
    // Node draws these from a buffer that it fills for many at once.
    if (bound < LARGEST_INT) return BigInt(randomInt(Number(bound)));
    const bits = bitLength(bound - 1n);
    const bytes = Math.ceil(bits / 8);
    const mask = (1n << BigInt(bits)) - 1n;
    for (;;) {
      // Draws above the bound are thrown away (at most every second one), so that all results are equally likely.
      const value = BigInt(`0x${randomBytes(bytes).toString('hex')}`) & mask;
      if (value < bound) return value;
    }
  },
};
