import { HTTPBadRequest, HTTPNotFound, type ListFilter, type ListQuery } from '@ovenbird/api';
import type { Expression, SqlBool } from 'kysely';
import type { Reader } from '../database.ts';
import { columnIsOneOf } from './column-condition.ts';
import { eachOf } from './each-of.ts';
import { beyond, inOrder, type SortColumn, sortColumns } from './keyset.ts';
import { type Given, prepared } from './prepared.ts';
import {
  applied,
  type DynamicExpressions,
  type DynamicSelect,
  type RowScope,
  type RowSource,
  type StoredRow,
  selectRows,
} from './source.ts';
import { tagConditions } from './tag-condition.ts';

const columnOf = (source: RowSource, attribute: string) =>
  Object.hasOwn(source.columns, attribute) ? source.columns[attribute] : undefined;

const within = (query: DynamicSelect, source: RowSource, scope: RowScope): DynamicSelect => {
  if (scope === 'everything') return query;
  const own = `${source.table}.project_id`;
  const { projectId, visible } = scope;
  if (visible === undefined) return query.where(own, '=', projectId);
  return query.where((eb) => eb.or([eb(own, '=', projectId), applied(visible, eb)]));
};

const filterCondition = (
  source: RowSource,
  filter: ListFilter,
  eb: DynamicExpressions,
  viewerProject: string | undefined,
): Expression<SqlBool> => {
  const special = Object.hasOwn(source.filters, filter.attribute)
    ? source.filters[filter.attribute]
    : undefined;
  if (special) {
    return applied(special(filter.kind === 'nested' ? [filter.match] : filter.values, viewerProject), eb);
  }
  const codec = columnOf(source, filter.attribute);
  if (codec === undefined || filter.kind === 'nested') {
    throw HTTPBadRequest({ message: `['${filter.attribute}'] is invalid attribute for filtering` });
  }
  const values = filter.values.map((value) => codec.encode(value));
  return columnIsOneOf(eb, `${source.table}.${codec.column}`, values);
};

const matching = (
  query: DynamicSelect,
  source: RowSource,
  list: ListQuery,
  viewerProject: string | undefined,
): DynamicSelect => {
  const key = `${source.table}.id`;
  let narrowed = query;
  for (const filter of list.filters)
    narrowed = narrowed.where((eb) => filterCondition(source, filter, eb, viewerProject));
  if (Object.values(list.tagFilters).some((tags) => tags.length > 0)) {
    narrowed = narrowed.where((eb) => eb.and(tagConditions(eb, key, list.tagFilters)));
  }
  const updated = columnOf(source, 'updated_at');
  if (list.changedSince !== undefined && updated !== undefined) {
    narrowed = narrowed.where(`${source.table}.${updated.column}`, '>=', list.changedSince);
  }
  return narrowed;
};

const markerRow = async (
  reader: Reader,
  source: RowSource,
  marker: string,
  scope: RowScope,
): Promise<StoredRow> => {
  const row = await findRow(reader, source, marker, source.anyMarker === true ? 'everything' : scope);
  if (row === undefined) throw HTTPNotFound();
  return row;
};

const sortsOf = (source: RowSource, list: ListQuery): readonly SortColumn[] => {
  const sorts = sortColumns(source, list.sorts, list.pageReverse);
  if (sorts === undefined) {
    throw HTTPBadRequest({
      message: `${list.sorts.map((sort) => sort.attribute).join(', ')} cannot be sorted by`,
    });
  }
  return sorts;
};

/**
 * One page of rows, in the order asked for, also when `pageReverse` asked for the page before the marker. One query,
 * and one more for the marker.
 *
 * @throws ApiError 404 when the marker is not among the rows of `scope` (of all, for a source with `anyMarker`); 400 for a filter or sort on what is no column
 */
export const listRows = async (
  reader: Reader,
  source: RowSource,
  list: ListQuery,
  scope: RowScope,
  viewerProject?: string,
): Promise<readonly StoredRow[]> => {
  const sorts = sortsOf(source, list);
  const marker = list.marker === undefined ? undefined : await markerRow(reader, source, list.marker, scope);
  let query = matching(within(selectRows(reader, source.table), source, scope), source, list, viewerProject);
  if (marker) query = query.where((eb) => beyond(eb, source.table, sorts, marker));
  query = inOrder(query, source.table, sorts);
  if (list.limit !== undefined) query = query.limit(list.limit);
  const rows = await query.execute();
  return list.pageReverse ? rows.toReversed() : rows;
};

/** The statement that finds a row of one table among all. */
const findAmongAll = (table: RowSource['table']) =>
  prepared((query, given: Given<{ id: string }>) =>
    selectRows({ query }, table).where(`${table}.id`, '=', given.one('id')),
  );

const findings = new Map<RowSource['table'], ReturnType<typeof findAmongAll>>();

/** The row with this id, if `scope` has it. */
export const findRow = async (
  reader: Reader,
  source: RowSource,
  id: string,
  scope: RowScope,
): Promise<StoredRow | undefined> => {
  const { table } = source;
  if (scope !== 'everything') {
    return within(selectRows(reader, table), source, scope).where(`${table}.id`, '=', id).executeTakeFirst();
  }
  const find = findings.get(table) ?? findAmongAll(table);
  findings.set(table, find);
  return (await find(reader, { id }))[0];
};

/** The rows with these ids that `scope` has, in the order of `ids`. */
export const findRows = async (
  reader: Reader,
  source: RowSource,
  ids: readonly string[],
  scope: RowScope,
): Promise<readonly StoredRow[]> => {
  if (ids.length === 0) return [];
  const found = await within(selectRows(reader, source.table), source, scope)
    .where(`${source.table}.id`, 'in', eachOf(ids))
    .execute();
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
};

/** How many rows match, whatever the page. */
export const countRows = async (
  reader: Reader,
  source: RowSource,
  list: ListQuery,
  scope: RowScope,
  viewerProject?: string,
): Promise<number> => {
  const row = await matching(
    within(selectRows(reader, source.table), source, scope),
    source,
    list,
    viewerProject,
  )
    .clearSelect()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(row.count);
};
