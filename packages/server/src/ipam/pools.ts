import {
  type AllocationPool,
  type Cidr,
  GatewayConflictWithAllocationPools,
  InvalidAllocationPool,
  type IpAddress,
  ipFromValue,
  OutOfBoundsAllocationPool,
  OverlappingAllocationPools,
} from '@ovenbird/api';
import {
  type AddressRange,
  byFirst,
  rangeBetween,
  rangeHas,
  rangesOverlap,
  rangeText,
  without,
} from './address-range.ts';

const lastOf = (cidr: Cidr): bigint => {
  const hostBits = BigInt((cidr.version === 4 ? 32 : 128) - cidr.prefix);
  return cidr.network.value + (1n << hostBits) - 1n;
};

/** All addresses of a prefix. */
export const wholeRange = (cidr: Cidr): AddressRange => ({
  version: cidr.version,
  first: cidr.network.value,
  last: lastOf(cidr),
});

/**
 * The addresses that hosts may have: IPv4 without network and broadcast address unless the prefix is /31 or /32; IPv6
 * without the subnet-router anycast address. Undefined where none is left (an IPv6 /128).
 */
export const hostRange = (cidr: Cidr): AddressRange | undefined => {
  const { version, first, last } = wholeRange(cidr);
  if (version === 4)
    return cidr.prefix >= 31 ? { version, first, last } : { version, first: first + 1n, last: last - 1n };
  return first === last ? undefined : { version, first: first + 1n, last };
};

/**
 * The pools of a subnet that was given none: all hosts but the gateway, which is of the same IP version; a prefix of one
 * address is its own pool.
 */
export const defaultPools = (cidr: Cidr, gateway: IpAddress | null): readonly AddressRange[] => {
  const whole = wholeRange(cidr);
  const hosts = hostRange(cidr) ?? whole;
  return gateway === null || whole.first === whole.last ? [hosts] : without(hosts, gateway.value);
};

/** Pools as ranges. Throws InvalidAllocationPool for ends in the wrong order or of two versions. */
export const rangesOf = (pools: readonly AllocationPool[]): readonly AddressRange[] =>
  pools.map((pool) => {
    const range = rangeBetween(pool.start, pool.end);
    if (range === undefined) throw InvalidAllocationPool({ pool: `${pool.start}-${pool.end}` });
    return range;
  });

const poolOf = ({ version, first, last }: AddressRange): AllocationPool => ({
  start: ipFromValue(version, first).text,
  end: ipFromValue(version, last).text,
});

/** Ranges in the order of their addresses, as the API shows them. */
export const poolsOf = (ranges: readonly AddressRange[]): readonly AllocationPool[] =>
  ranges.toSorted(byFirst).map(poolOf);

/**
 * Throws ApiError where a pool is of another version than the subnet (InvalidAllocationPool), leaves the hosts of the
 * subnet (OutOfBoundsAllocationPool) or shares an address with another (OverlappingAllocationPools).
 */
export const checkPools = (ranges: readonly AddressRange[], cidr: Cidr): void => {
  const hosts = hostRange(cidr);
  for (const range of ranges) {
    if (range.version !== cidr.version) throw InvalidAllocationPool({ pool: rangeText(range) });
    if (hosts === undefined || range.first < hosts.first || range.last > hosts.last) {
      throw OutOfBoundsAllocationPool({ pool: rangeText(range), cidr: cidr.canonical });
    }
  }
  const sorted = ranges.toSorted(byFirst);
  sorted.forEach((range, index) => {
    const next = sorted[index + 1];
    if (next !== undefined && rangesOverlap(range, next)) {
      throw OverlappingAllocationPools({
        pool1: rangeText(range),
        pool2: rangeText(next),
        cidr: cidr.canonical,
      });
    }
  });
};

/** Throws GatewayConflictWithAllocationPools where the gateway could be given to a port. */
export const checkGatewayOutsidePools = (gateway: IpAddress, ranges: readonly AddressRange[]): void => {
  const hit = ranges.find((range) => rangeHas(range, gateway));
  if (hit !== undefined) throw GatewayConflictWithAllocationPools({ ip: gateway.text, pool: rangeText(hit) });
};
