import { bitsOf, type Cidr, ipFromValue } from '@ovenbird/api';
import { type AddressRange, byFirst } from './address-range.ts';
import { wholeRange } from './pools.ts';

/** A set of addresses of one IP version: ranges in order that neither overlap nor touch. */
export type PrefixSet = readonly AddressRange[];

/** The addresses of several prefixes of one IP version. */
export const prefixSet = (prefixes: readonly Cidr[]): PrefixSet => {
  const ranges = prefixes.map(wholeRange).toSorted(byFirst);
  const merged: AddressRange[] = [];
  for (const range of ranges) {
    const last = merged.at(-1);
    if (last === undefined || range.first > last.last + 1n) merged.push(range);
    else if (range.last > last.last) merged[merged.length - 1] = { ...last, last: range.last };
  }
  return merged;
};

/** The addresses of `set` that are not in `taken`. */
export const difference = (set: PrefixSet, taken: PrefixSet): PrefixSet => {
  const left: AddressRange[] = [];
  let next = 0;
  for (const { version, first, last } of set) {
    let from = first;
    while ((taken[next]?.last ?? first) < first) next += 1;
    for (let index = next; from <= last; index += 1) {
      const hole = taken[index];
      if (hole === undefined || hole.first > last) {
        left.push({ version, first: from, last });
        break;
      }
      if (hole.first > from) left.push({ version, first: from, last: hole.first - 1n });
      from = hole.last + 1n;
    }
  }
  return left;
};

/** Whether every address of `part` is in `set`. */
export const includes = (set: PrefixSet, part: PrefixSet): boolean => difference(part, set).length === 0;

/** Whether the sets share an address. */
export const intersects = (a: PrefixSet, b: PrefixSet): boolean =>
  a.some((one) => b.some((other) => one.first <= other.last && other.first <= one.last));

/** A block of addresses that is one prefix. */
export interface Block {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

export const blockText = ({ version, first, prefix }: Block): string =>
  `${ipFromValue(version, first).text}/${prefix}`;

/** The fewest prefixes that make up a set, in order. */
export const blocksOf = (set: PrefixSet): readonly Block[] => {
  const blocks: Block[] = [];
  for (const { version, first, last } of set) {
    const bits = bitsOf(version);
    for (let from = first; from <= last; ) {
      // The largest block that begins here: by its alignment, and by what is left.
      let hostBits = 0;
      let size = 1n;
      while (from % (2n * size) === 0n && from + 2n * size - 1n <= last) {
        hostBits += 1;
        size *= 2n;
      }
      blocks.push({ version, first: from, prefix: bits - hostBits });
      from += size;
    }
  }
  return blocks;
};

/** A prefix of this length out of the set: out of the smallest block that has one, the first there. */
export const cutPrefix = (set: PrefixSet, length: number): Block | undefined => {
  const fitting = blocksOf(set).filter((block) => block.prefix <= length);
  const longest = Math.max(...fitting.map((block) => block.prefix));
  const block = fitting.find((one) => one.prefix === longest);
  return block === undefined ? undefined : { ...block, prefix: length };
};
