import type { ColumnValue } from '@ovenbird/ovsdb';
import type { KeyOutcome } from './batch.ts';
import type { Northbound } from './databases.ts';
import type { Membership } from './desired/row.ts';
import { type RowUpdate, targetUuid } from './diff.ts';
import type { OvnKey } from './key.ts';
import { parentTable } from './operations.ts';

/** One thing in which OVN is not what SQL says. */
export interface Drift {
  /** What the row belongs to. */
  readonly key: OvnKey;
  readonly table: string;
  readonly uuid: string;
  /** `missing`, `surplus`: the row as a whole. `column`: one column. `not_member`, `surplus_member`: a set's element. */
  readonly kind: 'missing' | 'surplus' | 'column' | 'not_member' | 'surplus_member' | 'unmappable';
  readonly column?: string;
  readonly have?: ColumnValue;
  readonly want?: ColumnValue;
}

const columnsOf = (key: OvnKey, { uuid, row, differences }: RowUpdate): readonly Drift[] =>
  differences.map(({ column, have, want }) => ({
    key,
    table: row.table,
    uuid,
    kind: 'column',
    column,
    have,
    want,
  }));

const memberOf = (key: OvnKey, { column, parent }: Membership) => ({
  key,
  table: parentTable(column),
  uuid: parent,
  column: column.slice(column.indexOf('.') + 1),
});

/** What a comparison found, one thing each. */
export function describeDrift(outcome: KeyOutcome, nb: Northbound): readonly Drift[] {
  const { key } = outcome;
  if ('error' in outcome)
    return [{ key, table: '', uuid: '', kind: 'unmappable', have: String(outcome.error) }];
  const { inserts, updates, deletes, joins, leaves } = outcome.difference;
  return [
    ...inserts.map((row): Drift => ({ key, table: row.table, uuid: targetUuid(row, nb), kind: 'missing' })),
    ...deletes.map(({ table, uuid }): Drift => ({ key, table, uuid, kind: 'surplus' })),
    ...updates.flatMap((update) => columnsOf(key, update)),
    ...joins.map((each): Drift => ({ ...memberOf(key, each), kind: 'not_member', want: each.element })),
    ...leaves.map((each): Drift => ({ ...memberOf(key, each), kind: 'surplus_member', have: each.element })),
  ];
}

/** Rows that the findings are about. */
export const rowsOutOfPlace = (found: readonly Drift[]): ReadonlySet<string> =>
  new Set(found.map(({ table, uuid }) => `${table} ${uuid}`));
