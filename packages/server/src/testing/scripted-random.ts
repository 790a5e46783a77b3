import type { Random } from '../ipam/random.ts';

/** Draws the given numbers, reduced to the bound, and then 0; keeps the bounds it was asked for. */
export const scriptedRandom = (...draws: readonly bigint[]): Random & { readonly bounds: bigint[] } => {
  const left = [...draws];
  const bounds: bigint[] = [];
  return {
    bounds,
    below(bound) {
      bounds.push(bound);
      return (left.shift() ?? 0n) % bound;
    },
  };
};
