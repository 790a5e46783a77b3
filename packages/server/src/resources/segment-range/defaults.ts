import { uuid5 } from '../../core/uuid5.ts';
import type { Database } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { NetworkSegmentRangesTable } from '../../db/segment-tables.ts';
import type { SegmentPool } from '../../ml2/contract.ts';
import { insertRows } from '../insert.ts';

/** Namespace of the ids of default ranges: one id for one range, whichever process writes it. */
const NAMESPACE = '0c3f1a9e-5c55-4d0a-8c39-5d5d3b8a7f21';

const rowsOf = (pools: ReadonlyMap<string, SegmentPool>, now: string): NetworkSegmentRangesTable[] =>
  [...pools].flatMap(([type, { configured }]) =>
    [...configured].flatMap(([physicalNetwork, ranges]) =>
      ranges.map(({ min, max }) => ({
        id: uuid5(NAMESPACE, [type, physicalNetwork, min, max].join(':')),
        project_id: null,
        name: '',
        description: '',
        is_default: 1,
        shared: 1,
        network_type: type,
        physical_network: physicalNetwork,
        minimum: min,
        maximum: max,
        created_at: now,
        updated_at: now,
        revision_number: 1,
      })),
    ),
  );

/** Let SQL hold the ranges of the configuration, and no others that once were; writes only what differs. */
export const keepDefaultRanges = async (
  database: Database,
  pools: ReadonlyMap<string, SegmentPool>,
): Promise<void> => {
  const wanted = rowsOf(pools, '').map((row) => row.id);
  const held = await database.read(({ query }) =>
    query.selectFrom('network_segment_ranges').select('id').where('is_default', '=', 1).execute(),
  );
  const there = new Set(held.map((row) => row.id));
  if (there.size === wanted.length && wanted.every((id) => there.has(id))) return;
  await database.transaction(async (tx) => {
    const gone = [...there].filter((id) => !wanted.includes(id));
    await tx.query.deleteFrom('tags').where('object_id', 'in', eachOf(gone)).execute();
    await tx.query
      .deleteFrom('network_segment_ranges')
      .where('is_default', '=', 1)
      .where('id', 'not in', eachOf(wanted))
      .execute();
    const present = await tx.query
      .selectFrom('network_segment_ranges')
      .select('id')
      .where('is_default', '=', 1)
      .execute();
    const kept = new Set(present.map((row) => row.id));
    const missing = rowsOf(pools, tx.now).filter((row) => !kept.has(row.id));
    await insertRows(tx, 'network_segment_ranges', missing);
  });
};
