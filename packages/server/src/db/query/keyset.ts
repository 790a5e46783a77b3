import type { Expression, SqlBool } from 'kysely';
import { mayBeNull } from './nullable-columns.ts';
import type { DynamicExpressions, DynamicSelect, RowSource, StoredRow } from './source.ts';

/** A sort of a list in terms of SQL. */
export interface SortColumn {
  readonly column: string;
  readonly descending: boolean;
  /** Whether rows may have no value there. No value sorts before every value, in both dialects. */
  readonly nullable: boolean;
}

/** Columns to sort by; undefined when one of the attributes is no column. `reverse`: the other way round. */
export const sortColumns = (
  source: RowSource,
  sorts: readonly { readonly attribute: string; readonly descending: boolean }[],
  reverse: boolean,
): readonly SortColumn[] | undefined => {
  const columns: SortColumn[] = [];
  for (const { attribute, descending } of sorts) {
    const codec = Object.hasOwn(source.columns, attribute) ? source.columns[attribute] : undefined;
    if (codec === undefined) return undefined;
    const nullable = mayBeNull(source.table, codec.column);
    columns.push({ column: codec.column, descending: descending !== reverse, nullable });
  }
  return columns;
};

export const inOrder = (query: DynamicSelect, table: string, sorts: readonly SortColumn[]): DynamicSelect =>
  sorts.reduce(
    (sorted, { column, descending, nullable }) =>
      sorted.orderBy(`${table}.${column}`, (order) => {
        const directed = descending ? order.desc() : order.asc();
        // Said only where it matters: an index serves the order of its dialect's default alone.
        if (!nullable) return directed;
        return descending ? directed.nullsLast() : directed.nullsFirst();
      }),
    query,
  );

const sameAs = (eb: DynamicExpressions, path: string, value: string | number | null) =>
  value === null ? eb(path, 'is', null) : eb(path, '=', value);

/** Undefined: nothing comes after. */
const after = (
  eb: DynamicExpressions,
  path: string,
  sort: SortColumn,
  value: string | number | null,
): Expression<SqlBool> | undefined => {
  if (value === null) return sort.descending ? undefined : eb(path, 'is not', null);
  if (!sort.descending) return eb(path, '>', value);
  const smaller = eb(path, '<', value);
  return sort.nullable ? eb.or([smaller, eb(path, 'is', null)]) : smaller;
};

/** Rows that come after `marker` in the order of `sorts`, which must be total. */
export const beyond = (
  eb: DynamicExpressions,
  table: string,
  sorts: readonly SortColumn[],
  marker: StoredRow,
): Expression<SqlBool> => {
  const alternatives: Expression<SqlBool>[] = [];
  const equal: Expression<SqlBool>[] = [];
  for (const sort of sorts) {
    const path = `${table}.${sort.column}`;
    const value = marker[sort.column] ?? null;
    const further = after(eb, path, sort, value);
    if (further) alternatives.push(equal.length === 0 ? further : eb.and([...equal, further]));
    equal.push(sameAs(eb, path, value));
  }
  return eb.or(alternatives);
};
