import {
  InvalidInput,
  type NetworkSegmentRange,
  NetworkSegmentRangeNetTypeNotSupported,
  NetworkSegmentRangeOverlaps,
} from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { SegmentPool } from '../../ml2/contract.ts';

/** What ranges are held against. */
export type RangeWish = Pick<
  NetworkSegmentRange,
  'network_type' | 'physical_network' | 'minimum' | 'maximum'
>;

/**
 * A range has ids of its type, from the lower to the higher, on a physical network if the type has those.
 *
 * @throws ApiError NetworkSegmentRangeNetTypeNotSupported, InvalidInput
 */
export const checkRange = (pools: ReadonlyMap<string, SegmentPool>, wish: RangeWish): void => {
  const { network_type: type, physical_network: physicalNetwork, minimum, maximum } = wish;
  const pool = pools.get(type);
  if (pool === undefined) throw NetworkSegmentRangeNetTypeNotSupported({ type });
  if (type === 'vlan' && physicalNetwork === '')
    throw InvalidInput({ message: "Network type vlan requires 'physical_network' to be specified" });
  const { min, max } = pool.bounds;
  if (minimum > maximum)
    throw InvalidInput({ message: `the range ${minimum}:${maximum} ends before it begins` });
  if (minimum < min || maximum > max)
    throw InvalidInput({ message: `the range ${minimum}:${maximum} is not within ${min}:${max} of ${type}` });
};

/**
 * No other range that an administrator made holds any of the ids.
 *
 * @param id the range itself, when it exists
 * @throws ApiError NetworkSegmentRangeOverlaps
 */
export const checkOverlap = async (tx: Transaction, wish: RangeWish, id = ''): Promise<void> => {
  const rows = await tx.query
    .selectFrom('network_segment_ranges')
    .select('id')
    .where('is_default', '=', 0)
    .where('network_type', '=', wish.network_type)
    .where('physical_network', '=', wish.physical_network)
    .where('minimum', '<=', wish.maximum)
    .where('maximum', '>=', wish.minimum)
    .where('id', '!=', id)
    .orderBy('id')
    .execute();
  if (rows.length > 0) throw NetworkSegmentRangeOverlaps({ ids: rows.map((row) => row.id) });
};
