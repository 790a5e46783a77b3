import type { NetworkSegmentRange } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { NetworkSegmentRangesTable } from '../../db/segment-tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** Free ids that one range shows at most: an overlay has millions, and nobody reads them. */
export const MAX_FREE_SHOWN = 65_536;

/** What a range has in other tables. */
interface RangeParts {
  readonly used: NetworkSegmentRange['used'];
  readonly available: readonly number[];
  readonly tags: readonly string[];
}

/** A row and what is in other tables → the resource. */
export const rangeOf = (row: NetworkSegmentRangesTable, parts: RangeParts): NetworkSegmentRange => ({
  id: row.id,
  name: row.name,
  description: row.description,
  default: row.is_default === 1,
  shared: row.shared === 1,
  project_id: row.project_id,
  // Only what the definition's own type accepted was stored.
  network_type: row.network_type as NetworkSegmentRange['network_type'],
  physical_network: row.physical_network,
  minimum: row.minimum,
  maximum: row.maximum,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  ...parts,
});

/** Ids of ranges that are taken, by range. One query. */
const takenIn = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> => {
  const rows = await reader.query
    .selectFrom('network_segment_ranges as range')
    .innerJoin('segment_allocations as taken', (join) =>
      join
        .onRef('taken.network_type', '=', 'range.network_type')
        .onRef('taken.physical_network', '=', 'range.physical_network')
        .onRef('taken.segmentation_id', '>=', 'range.minimum')
        .onRef('taken.segmentation_id', '<=', 'range.maximum'),
    )
    .select(['range.id', 'taken.segmentation_id'])
    .where('range.id', 'in', eachOf(ids))
    .execute();
  return listsBy(rows, (row) => [row.id, row.segmentation_id]);
};

/** Segments of networks within ranges, with the networks' projects. One query. */
export const segmentsIn = (reader: Reader, ids: readonly string[]) =>
  reader.query
    .selectFrom('network_segment_ranges as range')
    .innerJoin('network_segments as segment', (join) =>
      join
        .onRef('segment.network_type', '=', 'range.network_type')
        .on(({ eb, fn, ref, val }) =>
          eb(fn.coalesce('segment.physical_network', val('')), '=', ref('range.physical_network')),
        )
        .onRef('segment.segmentation_id', '>=', 'range.minimum')
        .onRef('segment.segmentation_id', '<=', 'range.maximum'),
    )
    .innerJoin('networks', 'networks.id', 'segment.network_id')
    .select(['range.id', 'segment.segmentation_id', 'networks.project_id'])
    .where('range.id', 'in', eachOf(ids))
    .orderBy('segment.segmentation_id')
    .execute();

const freeOf = ({ minimum, maximum }: NetworkSegmentRangesTable, taken: ReadonlySet<number>): number[] => {
  const free: number[] = [];
  for (let id = minimum; id <= maximum && free.length < MAX_FREE_SHOWN; id += 1)
    if (!taken.has(id)) free.push(id);
  return free;
};

/** Rows → resources, in order. At most three queries. */
export const assembleRanges = async (
  reader: Reader,
  rows: readonly NetworkSegmentRangesTable[],
  wanted?: ReadonlySet<string>,
): Promise<readonly NetworkSegmentRange[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const taken = wants('available') ? await takenIn(reader, ids) : undefined;
  const used = wants('used')
    ? Map.groupBy(await segmentsIn(reader, ids), (row) => row.id)
    : new Map<string, never[]>();
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    rangeOf(row, {
      used: Object.fromEntries((used.get(row.id) ?? []).map((one) => [one.segmentation_id, one.project_id])),
      available: taken === undefined ? [] : freeOf(row, new Set(taken.get(row.id))),
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** Ranges anew, by id. */
export const loadRanges = async (
  reader: Reader,
  ids: readonly string[],
): Promise<readonly NetworkSegmentRange[]> => {
  const rows = await reader.query
    .selectFrom('network_segment_ranges')
    .selectAll()
    .where('id', 'in', eachOf(ids))
    .execute();
  const made = new Map((await assembleRanges(reader, rows)).map((range) => [range.id, range]));
  return ids.flatMap((id) => made.get(id) ?? []);
};

export const segmentRangeStore: ResourceStore<NetworkSegmentRange> = {
  table: 'network_segment_ranges',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'network_type', 'physical_network', 'minimum', 'maximum']),
    default: flag('is_default'),
    shared: flag('shared'),
  },
  filters: {},
  // The rows were read from `network_segment_ranges`, all columns.
  assemble: (reader, rows, wanted) =>
    assembleRanges(reader, rows as readonly unknown[] as readonly NetworkSegmentRangesTable[], wanted),
};
