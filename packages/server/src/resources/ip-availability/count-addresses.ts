import { type AddressCount, type AllocationPool, parseCidr } from '@ovenbird/api';
import { sizeOf } from '../../ipam/address-range.ts';
import { rangesOf, wholeRange } from '../../ipam/pools.ts';

declare global {
  interface JSON {
    /** ECMAScript 2025: a value that `stringify` writes as this text. */
    rawJSON(text: string): { readonly rawJSON: string };
  }
}

/** A subnet as stored. */
export interface CountedSubnet {
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly pools: readonly AllocationPool[];
}

export interface AddressCounts {
  /** All hosts of the prefix: IPv4 without network and broadcast address. */
  readonly inSubnet: bigint;
  readonly inPools: bigint;
  readonly used: number;
  readonly usedInPools: number;
}

/**
 * Count a subnet's addresses.
 *
 * @param taken addresses in use, as numbers
 * @throws TypeError when the stored prefix is none
 */
export const countAddresses = (subnet: CountedSubnet, taken: readonly bigint[]): AddressCounts => {
  const cidr = parseCidr(subnet.cidr);
  if (cidr === undefined) throw new TypeError(`no prefix: ${JSON.stringify(subnet.cidr)}`);
  const pools = rangesOf(subnet.pools);
  const whole = sizeOf(wholeRange(cidr));
  const hosts = subnet.ip_version === 4 ? whole - 2n : whole;
  return {
    inSubnet: hosts < 0n ? 0n : hosts,
    inPools: pools.reduce((sum, pool) => sum + sizeOf(pool), 0n),
    used: taken.length,
    usedInPools: taken.filter((ip) => pools.some((pool) => pool.first <= ip && ip <= pool.last)).length,
  };
};

/** Addresses that can be handed out: those of the pools, or without pools the whole prefix. */
export const totalOf = (subnet: CountedSubnet, counts: AddressCounts): bigint => {
  if (subnet.pools.length > 0) return counts.inPools;
  const cidr = parseCidr(subnet.cidr);
  return cidr === undefined ? 0n : sizeOf(wholeRange(cidr));
};

/** A count in the form that JSON writes exactly. */
export const shownCount = (count: bigint): AddressCount =>
  count <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(count) : JSON.rawJSON(String(count));
