import { randomBytes } from 'node:crypto';

/** A source of uniformly distributed numbers; tests inject a seeded one. */
export interface Random {
  /** A number at least 0 and below `bound`; `bound` is at least 1. */
  below(bound: bigint): bigint;
}

const bitLength = (value: bigint): number => value.toString(2).length;

/** Numbers from the operating system's generator. */
export const systemRandom: Random = {
  below(bound) {
    if (bound <= 1n) return 0n;
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
