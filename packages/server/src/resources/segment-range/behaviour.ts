import {
  type CreateOf,
  type NetworkSegmentRange,
  NetworkSegmentRangeDefaultReadOnly,
  NetworkSegmentRangeReferencedByProject,
  networkSegmentRange,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { NetworkSegmentRangesTable } from '../../db/segment-tables.ts';
import type { StoredBehaviour } from '../../engine/contract.ts';
import type { SegmentPool } from '../../ml2/contract.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { checkOverlap, checkRange } from './check.ts';
import { loadRanges, segmentRangeStore, segmentsIn } from './store.ts';

type Pools = ReadonlyMap<string, SegmentPool>;

const rowOf = (
  body: CreateOf<typeof networkSegmentRange>,
  id: string,
  now: string,
): NetworkSegmentRangesTable => ({
  id,
  project_id: body.shared ? null : (body.project_id ?? null),
  name: body.name,
  description: body.description,
  is_default: 0,
  shared: flagOf(body.shared),
  network_type: body.network_type,
  physical_network: body.network_type === 'vlan' ? body.physical_network : '',
  minimum: body.minimum,
  maximum: body.maximum,
  created_at: now,
  updated_at: now,
  revision_number: 1,
});

const requireOwn = ({ id, default: isDefault }: NetworkSegmentRange): void => {
  if (isDefault) throw NetworkSegmentRangeDefaultReadOnly({ id });
};

/** Throws ApiError NetworkSegmentRangeReferencedByProject when ids of networks come to lie at or beyond an end. */
const requireRoomForUsed = (current: NetworkSegmentRange, minimum: number, maximum: number): void => {
  const used = Object.keys(current.used).map(Number);
  if (used.length === 0) return;
  // As the reference has it: an id at the very end counts as hit, too.
  if (minimum >= Math.min(...used) || maximum <= Math.max(...used))
    throw NetworkSegmentRangeReferencedByProject({ id: current.id });
};

const update = async (
  pools: Pools,
  tx: Transaction,
  current: NetworkSegmentRange,
  body: UpdateOf<typeof networkSegmentRange>,
): Promise<NetworkSegmentRange> => {
  requireOwn(current);
  const { minimum = current.minimum, maximum = current.maximum } = body;
  const { name = current.name, description = current.description } = body;
  const moved = minimum !== current.minimum || maximum !== current.maximum;
  if (!moved && name === current.name && description === current.description) return current;
  if (moved) {
    requireRoomForUsed(current, minimum, maximum);
    const wish = { ...current, minimum, maximum };
    checkRange(pools, wish);
    await checkOverlap(tx, wish, current.id);
  }
  await tx.query
    .updateTable('network_segment_ranges')
    .set({ name, description, minimum, maximum, updated_at: tx.now })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', current.id)
    .execute();
  const [range = current] = await loadRanges(tx, [current.id]);
  return range;
};

const remove = async (tx: Transaction, current: NetworkSegmentRange): Promise<void> => {
  const { id } = current;
  requireOwn(current);
  if ((await segmentsIn(tx, [id])).length > 0) throw NetworkSegmentRangeReferencedByProject({ id });
  await tx.query.deleteFrom('tags').where('object_id', '=', id).execute();
  await tx.query.deleteFrom('network_segment_ranges').where('id', '=', id).execute();
};

/** Ranges of segmentation ids. Those of the configuration are shown and stay as they are. */
export const createSegmentRangeBehaviour = (
  ids: Ids,
  pools: Pools,
): StoredBehaviour<typeof networkSegmentRange> => ({
  kind: 'stored',
  definition: networkSegmentRange,
  store: segmentRangeStore,
  async create({ tx }, bodies) {
    const made: string[] = [];
    for (const body of bodies) {
      const row = rowOf(body, ids.uuid(), tx.now);
      const wish = { ...row, network_type: body.network_type };
      checkRange(pools, wish);
      await checkOverlap(tx, wish);
      await insertRows(tx, 'network_segment_ranges', [row]);
      made.push(row.id);
    }
    return loadRanges(tx, made);
  },
  update: ({ tx }, current, body) => update(pools, tx, current, body),
  delete: ({ tx }, current) => remove(tx, current),
});
