import type { Transaction } from '../../db/database.ts';
import type { IdRange, NetworkSegment } from '../../ml2/contract.ts';

/** Uniform in [0, 1), injected so that tests can foresee it. */
export type Random = () => number;

/** Ids of one network type on one physical network; `''` stands for none. */
export interface PoolKey {
  readonly networkType: string;
  readonly physicalNetwork: string;
}

/** Tries by chance before the pool is searched in order. At half use three of them fail once in eight times. */
const RANDOM_TRIES = 3;

/**
 * Take one id. False when it is taken: the row itself is the lock, so two transactions can never both get true.
 */
export const reserveId = async (tx: Transaction, key: PoolKey, id: number): Promise<boolean> => {
  const taken = await tx.query
    .insertInto('segment_allocations')
    .values({ network_type: key.networkType, physical_network: key.physicalNetwork, segmentation_id: id })
    .onConflict((conflict) => conflict.doNothing())
    .returning('segmentation_id')
    .execute();
  return taken.length === 1;
};

/** What is reserved for segments of a type that has no ids. */
export const NO_ID = 0;

/** Give back what was reserved for a segment. Giving back what is free does nothing. */
export const releaseSegment = async (
  tx: Transaction,
  segment: Pick<NetworkSegment, 'networkType' | 'physicalNetwork' | 'segmentationId'>,
): Promise<void> => {
  await tx.query
    .deleteFrom('segment_allocations')
    .where('network_type', '=', segment.networkType)
    .where('physical_network', '=', segment.physicalNetwork ?? '')
    .where('segmentation_id', '=', segment.segmentationId ?? NO_ID)
    .execute();
};

/** The smallest free id after a taken one, from `from` (itself taken) to `to`. */
const gapAfter = async (
  tx: Transaction,
  key: PoolKey,
  from: number,
  to: number,
): Promise<number | undefined> => {
  const row = await tx.query
    .selectFrom('segment_allocations as taken')
    .select('taken.segmentation_id as id')
    .where('taken.network_type', '=', key.networkType)
    .where('taken.physical_network', '=', key.physicalNetwork)
    .where('taken.segmentation_id', '>=', from)
    .where('taken.segmentation_id', '<', to)
    .where(({ not, exists, selectFrom, eb }) =>
      not(
        exists(
          selectFrom('segment_allocations as next')
            .select('next.segmentation_id')
            .where('next.network_type', '=', key.networkType)
            .where('next.physical_network', '=', key.physicalNetwork)
            .whereRef('next.segmentation_id', '=', eb('taken.segmentation_id', '+', 1)),
        ),
      ),
    )
    .orderBy('taken.segmentation_id')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : row.id + 1;
};

const reserveFirstFree = async (
  tx: Transaction,
  key: PoolKey,
  from: number,
  to: number,
): Promise<number | undefined> => {
  if (await reserveId(tx, key, from)) return from;
  const free = await gapAfter(tx, key, from, to);
  return free !== undefined && (await reserveId(tx, key, free)) ? free : undefined;
};

/** The id at `offset` when all ranges stand in one row, and the ranges to search from there on. */
const locate = (ranges: readonly IdRange[], offset: number): { id: number; onwards: readonly IdRange[] } => {
  let left = offset;
  for (const [index, { min, max }] of ranges.entries()) {
    const id = min + left;
    if (id <= max)
      return { id, onwards: [{ min: id, max }, ...ranges.slice(index + 1), ...ranges.slice(0, index + 1)] };
    left -= max - min + 1;
  }
  throw new RangeError(`offset ${offset} lies behind the ranges`);
};

/**
 * Take any free id of `ranges`: by chance, so that ids just given back rest for a while, and when the pool is dense by
 * searching it in order from a random place. Statements: one when the pool is nearly empty, and never more than
 * 2 × ranges + 6.
 *
 * @param ranges disjoint
 * @returns undefined when all are taken
 */
export const reserveFreeId = async (
  tx: Transaction,
  key: PoolKey,
  ranges: readonly IdRange[],
  random: Random,
): Promise<number | undefined> => {
  const size = ranges.reduce((sum, range) => sum + range.max - range.min + 1, 0);
  if (size === 0) return undefined;
  let place = locate(ranges, 0);
  for (let attempt = 0; attempt < RANDOM_TRIES; attempt += 1) {
    place = locate(ranges, Math.floor(random() * size));
    if (await reserveId(tx, key, place.id)) return place.id;
  }
  for (const { min, max } of place.onwards) {
    const id = await reserveFirstFree(tx, key, min, max);
    if (id !== undefined) return id;
  }
  return undefined;
};
