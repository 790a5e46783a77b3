import { type IpAddress, ipFromValue, parseIp } from '@ovenbird/api';

/** Addresses from `first` to `last`, both included, of one IP version. */
export interface AddressRange {
  readonly version: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Orders ranges by their first addresses. The sign of a difference outlives its rounding. */
export const byFirst = (a: AddressRange, b: AddressRange): number => Number(a.first - b.first);

/** How many addresses the range has. */
export const sizeOf = (range: AddressRange): bigint => range.last - range.first + 1n;

export const rangeHas = (range: AddressRange, ip: IpAddress): boolean =>
  range.version === ip.version && range.first <= ip.value && ip.value <= range.last;

export const rangesOverlap = (a: AddressRange, b: AddressRange): boolean =>
  a.version === b.version && a.first <= b.last && b.first <= a.last;

/** `first-last`, the way messages name a pool. */
export const rangeText = (range: AddressRange): string =>
  `${ipFromValue(range.version, range.first).text}-${ipFromValue(range.version, range.last).text}`;

/** The range that two address texts span; undefined unless both are of one version and in order. */
export const rangeBetween = (start: string, end: string): AddressRange | undefined => {
  const first = parseIp(start);
  const last = parseIp(end);
  if (first === undefined || last === undefined) return undefined;
  if (first.version !== last.version || first.value > last.value) return undefined;
  return { version: first.version, first: first.value, last: last.value };
};

/** `range` without one address: itself, one range or two, in order. */
export const without = (range: AddressRange, address: bigint): readonly AddressRange[] => {
  if (address < range.first || address > range.last) return [range];
  const { version, first, last } = range;
  const parts: AddressRange[] = [];
  if (first < address) parts.push({ version, first, last: address - 1n });
  if (address < last) parts.push({ version, first: address + 1n, last });
  return parts;
};
