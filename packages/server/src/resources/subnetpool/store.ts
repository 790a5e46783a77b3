import type { Subnetpool } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { SubnetpoolsTable } from '../../db/tables.ts';
import type { ColumnCodec, ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { grantedTo, sharedAmong, sharedFilter, targetsFor } from '../sharing.ts';
import { tagsOf } from '../tags.ts';

/** The prefixes of a pool; the column holds JSON that this program wrote from a list of texts. */
export const prefixesIn = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

/** A row and what belongs to it → the resource. */
export const subnetpoolOf = (
  row: SubnetpoolsTable,
  shared: boolean,
  tags: readonly string[],
): Subnetpool => ({
  ...row,
  prefixes: prefixesIn(row.prefixes),
  default_prefixlen: String(row.default_prefixlen),
  min_prefixlen: String(row.min_prefixlen),
  max_prefixlen: String(row.max_prefixlen),
  is_default: row.is_default === 1,
  shared,
  tags,
});

const assemble = async (
  reader: Reader,
  rows: readonly SubnetpoolsTable[],
  wanted?: ReadonlySet<string>,
  viewer?: RequestContext,
): Promise<readonly Subnetpool[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const shared = wants('shared')
    ? await sharedAmong(reader, 'subnetpool', ids, viewer?.projectId)
    : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) => subnetpoolOf(row, shared?.has(row.id) ?? false, tags?.get(row.id) ?? []));
};

/** Rows of pools by id. */
export const poolRows = (reader: Reader, ids: readonly string[]): Promise<SubnetpoolsTable[]> =>
  reader.query.selectFrom('subnetpools').selectAll().where('id', 'in', eachOf(ids)).execute();

/** A pool anew. */
export const loadSubnetpool = async (
  reader: Reader,
  id: string,
  viewer: RequestContext,
): Promise<Subnetpool> => {
  const [pool] = await assemble(reader, await poolRows(reader, [id]), undefined, viewer);
  if (pool === undefined) throw new Error(`subnet pool ${id} vanished within its own transaction`);
  return pool;
};

/** A number that the API shows as text. */
const textNumber = (column: string): ColumnCodec => ({
  column,
  encode: (value) => Number(value),
});

export const subnetpoolStore: ResourceStore<Subnetpool> = {
  table: 'subnetpools',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'ip_version', 'default_quota', 'address_scope_id']),
    default_prefixlen: textNumber('default_prefixlen'),
    min_prefixlen: textNumber('min_prefixlen'),
    max_prefixlen: textNumber('max_prefixlen'),
    is_default: flag('is_default'),
  },
  filters: { shared: sharedFilter('subnetpool', 'subnetpools') },
  visibleTo: (context) => grantedTo('subnetpool', 'subnetpools', targetsFor(context.projectId)),
  // The rows were read from `subnetpools`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assemble(reader, rows as readonly unknown[] as readonly SubnetpoolsTable[], wanted, viewer),
};
