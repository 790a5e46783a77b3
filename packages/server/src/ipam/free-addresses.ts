import { type AddressRange, sizeOf } from './address-range.ts';
import type { Random } from './random.ts';

/** How many used addresses are read at once; above it a range is halved by counting. */
export const LEAF = 1024;

/** What is in use of one subnet, as SQL answers it. Ends are included. */
export interface UsedAddresses {
  count(first: bigint, last: bigint): Promise<bigint>;
  /** In ascending order. */
  list(first: bigint, last: bigint): Promise<readonly bigint[]>;
}

/** The `index`-th (from 0) address of a range that is not among `used`, which is sorted and inside the range. */
const freeAt = (first: bigint, used: readonly bigint[], index: bigint): bigint => {
  // Each used address at or below the candidate pushes it one further.
  let candidate = first + index;
  for (const address of used) {
    if (address > candidate) break;
    candidate += 1n;
  }
  return candidate;
};

/** `count` different numbers below `bound`, in no order; the lowest ones when `lowest`. */
const choose = (bound: bigint, count: number, lowest: boolean, random: Random): readonly bigint[] => {
  if (lowest) return Array.from({ length: count }, (_, index) => BigInt(index));
  const chosen = new Set<bigint>();
  // Floyd's sampling: exactly `count` draws, however close `count` is to `bound`.
  for (let top = bound - BigInt(count); top < bound; top++) {
    const draw = random.below(top + 1n);
    chosen.add(chosen.has(draw) ? top : draw);
  }
  return [...chosen];
};

interface Search {
  readonly used: UsedAddresses;
  readonly random: Random;
  readonly lowest: boolean;
  /** Addresses chosen but not yet in SQL, and none that is in SQL. */
  readonly taken: Set<bigint>;
}

const takenIn = (search: Search, first: bigint, last: bigint): readonly bigint[] =>
  [...search.taken].filter((address) => first <= address && address <= last);

/** Neighbouring addresses, both ends included. */
interface Block {
  readonly first: bigint;
  readonly last: bigint;
}

/** Narrow a range that has free addresses down to one whose used addresses can be read, keeping some free ones in it. */
const narrow = async (search: Search, range: AddressRange, usedCount: bigint): Promise<Block> => {
  let { first, last } = range;
  let used = usedCount;
  let index = search.lowest ? 0n : search.random.below(sizeOf(range) - used);
  while (used > BigInt(LEAF)) {
    const middle = first + (last - first) / 2n;
    const leftUsed = (await search.used.count(first, middle)) + BigInt(takenIn(search, first, middle).length);
    const leftFree = middle - first + 1n - leftUsed;
    if (index < leftFree) {
      last = middle;
      used = leftUsed;
    } else {
      index -= leftFree;
      first = middle + 1n;
      used -= leftUsed;
    }
  }
  return { first, last };
};

/** Up to `need` free addresses out of a block whose used addresses can be read. They are added to `taken`. */
const fromBlock = async (
  search: Search,
  { first, last }: Block,
  need: number,
): Promise<readonly bigint[]> => {
  const inUse = [...(await search.used.list(first, last)), ...takenIn(search, first, last)].sort((a, b) =>
    Number(a - b),
  );
  const free = last - first + 1n - BigInt(inUse.length);
  const count = Math.min(Number(free), need);
  const found = choose(free, count, search.lowest, search.random).map((index) => freeAt(first, inUse, index));
  for (const address of found) search.taken.add(address);
  return found;
};

/** A block of a range that is worth a look before anything is counted: its front, or any place. */
const guess = ({ lowest, random }: Search, range: AddressRange): Block => {
  const spare = sizeOf(range) - BigInt(LEAF);
  if (spare <= 0n) return range;
  const first = range.first + (lowest ? 0n : random.below(spare + 1n));
  return { first, last: first + BigInt(LEAF) - 1n };
};

/** Some free addresses of one range, at most `need`; none when it is full. */
const fromRange = async (search: Search, range: AddressRange, need: number): Promise<readonly bigint[]> => {
  const block = guess(search, range);
  const lucky = await fromBlock(search, block, need);
  if (lucky.length > 0 || block === range) return lucky;
  const used =
    (await search.used.count(range.first, range.last)) +
    BigInt(takenIn(search, range.first, range.last).length);
  if (used >= sizeOf(range)) return [];
  return fromBlock(search, await narrow(search, range, used), need);
};

/**
 * Up to `need` free addresses of the ranges, in order of the ranges; fewer only when no more are free. Mostly one read of
 * at most {@link LEAF} addresses; where that finds none, O(log n) counts and one more, however large or full the ranges
 * are.
 *
 * @param taken addresses chosen but not yet in SQL; the result is added
 */
export const findFree = async (
  used: UsedAddresses,
  ranges: readonly AddressRange[],
  need: number,
  options: { readonly lowest: boolean; readonly random: Random; readonly taken: Set<bigint> },
): Promise<readonly bigint[]> => {
  const search: Search = { used, ...options };
  const found: bigint[] = [];
  for (const range of ranges) {
    while (found.length < need) {
      const more = await fromRange(search, range, need - found.length);
      if (more.length === 0) break;
      found.push(...more);
    }
  }
  return found;
};
