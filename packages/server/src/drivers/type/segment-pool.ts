import type { Transaction } from '../../db/database.ts';
import type { IdRange } from '../../ml2/contract.ts';

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

/** Give one id back. Giving back what is free does nothing. */
export const releaseId = async (tx: Transaction, key: PoolKey, id: number): Promise<void> => {
  await tx.query
    .deleteFrom('segment_allocations')
    .where('network_type', '=', key.networkType)
    .where('physical_network', '=', key.physicalNetwork)
    .where('segmentation_id', '=', id)
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
  if (from > to) return undefined;
  if (await reserveId(tx, key, from)) return from;
  const free = await gapAfter(tx, key, from, to);
  return free !== undefined && (await reserveId(tx, key, free)) ? free : undefined;
};

/** The id at `offset` when all ranges stand in one row, and the number of its range. */
const locate = (ranges: readonly IdRange[], offset: number): { id: number; index: number } => {
  let left = offset;
  for (const [index, range] of ranges.entries()) {
    const size = range.max - range.min + 1;
    if (left < size) return { id: range.min + left, index };
    left -= size;
  }
  throw new RangeError(`offset ${offset} lies behind the ranges`);
};

/**
 * Take any free id of `ranges`: by chance, so that ids just given back rest for a while, and when the pool is dense by
 * searching it in order from a random place. Statements: one when the pool is nearly empty, and never more than
 * 2 × ranges + 5.
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
  const start = ranges[place.index];
  if (start === undefined) return undefined;
  const pieces = [
    { min: place.id, max: start.max },
    ...ranges.slice(place.index + 1),
    ...ranges.slice(0, place.index),
    { min: start.min, max: place.id - 1 },
  ];
  for (const piece of pieces) {
    const id = await reserveFirstFree(tx, key, piece.min, piece.max);
    if (id !== undefined) return id;
  }
  return undefined;
};
