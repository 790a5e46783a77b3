import {
  EmptySubnetPoolPrefixList,
  IllegalSubnetPoolPrefixBounds,
  PrefixVersionMismatch,
  parseCidr,
} from '@ovenbird/api';
import { blocksOf, blockText, type PrefixSet, prefixSet } from '../../ipam/prefix-set.ts';

/** Lengths of prefixes that a pool gives out. */
export interface PrefixBounds {
  readonly min_prefixlen: number;
  readonly max_prefixlen: number;
  readonly default_prefixlen: number;
}

/** Prefixes of one IP version and the addresses that they make up. */
export interface PoolPrefixes {
  readonly version: 4 | 6;
  readonly set: PrefixSet;
}

const LEAST = { 4: 8, 6: 64 } as const;
const MOST = { 4: 32, 6: 128 } as const;

/** The addresses of canonical prefixes; those that are none are left out. */
export const setOf = (prefixes: readonly string[]): PrefixSet =>
  prefixSet(prefixes.flatMap((prefix) => parseCidr(prefix) ?? []));

/**
 * Check the prefixes of a pool.
 *
 * @throws ApiError EmptySubnetPoolPrefixList, PrefixVersionMismatch
 */
export const poolPrefixes = (prefixes: readonly string[]): PoolPrefixes => {
  const cidrs = prefixes.flatMap((prefix) => parseCidr(prefix) ?? []);
  const [first] = cidrs;
  if (first === undefined) throw EmptySubnetPoolPrefixList();
  if (cidrs.some((cidr) => cidr.version !== first.version)) throw PrefixVersionMismatch();
  return { version: first.version, set: prefixSet(cidrs) };
};

/** A set in the form that the table keeps: the fewest prefixes. */
export const storedPrefixes = (set: PrefixSet): string => JSON.stringify(blocksOf(set).map(blockText));

/**
 * The bounds of a pool, with those filled in that are not given.
 *
 * @throws ApiError IllegalSubnetPoolPrefixBounds
 */
export const boundsOf = (
  version: 4 | 6,
  given: { readonly [K in keyof PrefixBounds]: number | undefined },
): PrefixBounds => {
  const min = given.min_prefixlen ?? LEAST[version];
  const max = given.max_prefixlen ?? MOST[version];
  const usual = given.default_prefixlen ?? min;
  const refuse = (type: string, length: number, baseType: string, baseLength: number) =>
    IllegalSubnetPoolPrefixBounds({ type, length, baseType, baseLength });
  if (min > max) throw refuse('min_prefixlen', min, 'max_prefixlen', max);
  if (max > MOST[version]) throw refuse('max_prefixlen', max, 'ip_version_max', MOST[version]);
  if (usual < min) throw refuse('default_prefixlen', usual, 'min_prefixlen', min);
  if (usual > max) throw refuse('default_prefixlen', usual, 'max_prefixlen', max);
  return { min_prefixlen: min, max_prefixlen: max, default_prefixlen: usual };
};
