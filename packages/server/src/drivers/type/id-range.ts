import type { IdRange } from '../../ml2/contract.ts';

/** A range in the configuration is not one; the message names it and says why. */
export class SegmentRangeError extends Error {
  override readonly name = 'SegmentRangeError';
  constructor(range: string, reason: string) {
    super(`segment range '${range}': ${reason}`);
  }
}

const idOf = (text: string, range: string, bounds: IdRange): number => {
  const trimmed = text.trim();
  const id = /^\d{1,10}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  if (!(id >= bounds.min && id <= bounds.max)) {
    throw new SegmentRangeError(range, `'${trimmed}' is not a number from ${bounds.min} to ${bounds.max}`);
  }
  return id;
};

/**
 * `100:200` → { min: 100, max: 200 }.
 *
 * @param bounds what the network type allows
 * @throws SegmentRangeError when it is malformed, out of bounds or ends before it begins
 */
export const parseIdRange = (text: string, bounds: IdRange): IdRange => {
  const [first, last, ...more] = text.split(':');
  if (first === undefined || last === undefined || more.length > 0) {
    throw new SegmentRangeError(text, 'it must read first:last');
  }
  const range = { min: idOf(first, text, bounds), max: idOf(last, text, bounds) };
  if (range.max < range.min) throw new SegmentRangeError(text, 'it ends before it begins');
  return range;
};

/** The same ids as disjoint ranges in ascending order. */
export const disjointRanges = (ranges: readonly IdRange[]): readonly IdRange[] => {
  const merged: { min: number; max: number }[] = [];
  for (const range of ranges.toSorted((a, b) => a.min - b.min)) {
    const last = merged.at(-1);
    if (last !== undefined && range.min <= last.max + 1) last.max = Math.max(last.max, range.max);
    else merged.push({ ...range });
  }
  return merged;
};

/** What is in `ranges` and not in `taken`; all disjoint and in ascending order. */
export const withoutRanges = (ranges: readonly IdRange[], taken: readonly IdRange[]): readonly IdRange[] =>
  taken.reduce<readonly IdRange[]>(
    (left, hole) =>
      left.flatMap(({ min, max }) =>
        [
          { min, max: Math.min(max, hole.min - 1) },
          { min: Math.max(min, hole.max + 1), max },
        ].filter((piece) => piece.min <= piece.max),
      ),
    ranges,
  );

/**
 * `physnet1:100:200` and `physnet2` → ranges by physical network, in order of first mention. A physical network
 * without a range may carry given ids but none is chosen on it.
 *
 * @throws SegmentRangeError
 */
export const parsePhysicalRanges = (
  entries: readonly string[],
  bounds: IdRange,
): ReadonlyMap<string, readonly IdRange[]> => {
  const found = new Map<string, IdRange[]>();
  for (const entry of entries) {
    const colon = entry.indexOf(':');
    const physicalNetwork = (colon === -1 ? entry : entry.slice(0, colon)).trim();
    if (physicalNetwork === '') throw new SegmentRangeError(entry, 'the physical network is missing');
    const ranges = found.get(physicalNetwork) ?? [];
    if (colon !== -1) ranges.push(parseIdRange(entry.slice(colon + 1), bounds));
    found.set(physicalNetwork, ranges);
  }
  return new Map([...found].map(([physicalNetwork, ranges]) => [physicalNetwork, disjointRanges(ranges)]));
};
