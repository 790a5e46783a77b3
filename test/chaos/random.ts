import { setTimeout as sleep } from 'node:timers/promises';

/** A source of numbers that the seed decides. */
export interface Random {
  below(limit: number): number;
  pick<T>(from: readonly T[]): T | undefined;
}

/** How long something stays broken, in milliseconds. */
const BROKEN_MS = { least: 200, most: 3_000 };
/** Rest between two breakages of one kind of part, in milliseconds. */
const REST_MS = { least: 500, most: 3_000 };

const between = (random: Random, { least, most }: { least: number; most: number }): number =>
  least + random.below(most - least);

/** Leave something broken for a while. */
export const stayBroken = (random: Random): Promise<void> => sleep(between(random, BROKEN_MS));

/** Rest before the next breakage; over at once when `signal` aborts. */
export const rest = (random: Random, signal: AbortSignal): Promise<void> =>
  sleep(between(random, REST_MS), undefined, { signal }).catch(() => {});
