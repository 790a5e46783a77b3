import type { NetworkSegmentResource } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { NetworkSegmentsTable } from '../../db/segment-tables.ts';
import type { ColumnCodec, ResourceStore } from '../../engine/contract.ts';
import { plainColumns } from '../columns.ts';

/** A row → the resource. */
export const segmentOf = (row: NetworkSegmentsTable): NetworkSegmentResource => ({
  id: row.id,
  network_id: row.network_id,
  name: row.name === '' ? null : row.name,
  network_type: row.network_type,
  physical_network: row.physical_network,
  segmentation_id: row.segmentation_id,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
});

/** Segments anew, by id, in order of `ids`. */
export const loadSegments = async (
  reader: Reader,
  ids: readonly string[],
): Promise<readonly NetworkSegmentResource[]> => {
  const rows = await reader.query
    .selectFrom('network_segments')
    .selectAll()
    .where('id', 'in', eachOf(ids))
    .execute();
  const found = new Map(rows.map((row) => [row.id, segmentOf(row)]));
  return ids.flatMap((id) => found.get(id) ?? []);
};

/** A segment without a name has the empty one. */
const name: ColumnCodec = {
  column: 'name',
  encode: (value) => (typeof value === 'string' ? value : ''),
};

export const segmentStore: ResourceStore<NetworkSegmentResource> = {
  table: 'network_segments',
  columns: {
    ...plainColumns([
      'id',
      'network_id',
      'network_type',
      'physical_network',
      'segmentation_id',
      'description',
      'created_at',
      'updated_at',
      'revision_number',
    ]),
    name,
  },
  filters: {},
  everybody: true,
  // The rows were read from `network_segments`, all columns.
  assemble: async (_reader, rows) =>
    (rows as readonly unknown[] as readonly NetworkSegmentsTable[]).map(segmentOf),
};
