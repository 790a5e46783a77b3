import type { ColumnValue } from '@ovenbird/ovsdb';
import type { Actual, ActualRow } from './actual-rows.ts';
import { type ColumnDifference, columnDifferences } from './column-diff.ts';
import type { Northbound } from './databases.ts';
import type { Desired, DesiredRow, Membership, OwnedTable } from './desired/row.ts';
import { rowUuid } from './ids.ts';

/** What must change so that the Northbound database holds what one key stands for. */
export interface KeyDiff {
  readonly inserts: readonly DesiredRow[];
  readonly updates: readonly RowUpdate[];
  /** Rows to take out. Rows of tables that live in a parent's set go by {@link leaves}. */
  readonly deletes: readonly ActualRow[];
  readonly joins: readonly Membership[];
  readonly leaves: readonly Membership[];
}

export interface RowUpdate {
  readonly uuid: string;
  readonly row: DesiredRow;
  readonly differences: readonly ColumnDifference[];
  /** The row's external_ids as the difference was made from them. */
  readonly externalIds: ReadonlyMap<string, string>;
}

/** UUID of the row that a desired row is about. NB_Global has one row, whoever made it. */
export const targetUuid = (row: DesiredRow, nb: Northbound): string => {
  if (row.uuid !== undefined) return row.uuid;
  for (const existing of nb.NB_Global.rows()) return existing._uuid;
  return rowUuid(row.table);
};

const membershipText = (member: Membership): string => `${member.column} ${member.parent} ${member.element}`;

/** What `a` has and `b` lacks. */
const without = (a: readonly Membership[], b: readonly Membership[]): readonly Membership[] => {
  if (a.length === 0) return a;
  const others = new Set(b.map(membershipText));
  return a.filter((member) => !others.has(membershipText(member)));
};

const NO_MARKS: ReadonlyMap<string, string> = new Map();

function updateOf(row: DesiredRow, uuid: string, nb: Northbound): RowUpdate | undefined {
  const table: OwnedTable = row.table;
  const existing = nb[table].get(uuid);
  if (existing === undefined) return undefined;
  const have: { readonly [column: string]: ColumnValue } = existing;
  const want: { readonly [column: string]: ColumnValue } = row.columns;
  const differences = columnDifferences(table, have, want, (column) => serves(nb, table, column));
  // The replica changes its maps in place.
  return {
    uuid,
    row,
    differences,
    externalIds: differences.length === 0 ? NO_MARKS : new Map(existing.external_ids),
  };
}

const serves = (nb: Northbound, table: OwnedTable, column: string): boolean => {
  const replica: { has(column: string): boolean } = nb[table];
  return replica.has(column);
};

/** Differences between what a key should be and what the replica shows. */
export function diff(desired: Desired, actual: Actual, nb: Northbound): KeyDiff {
  const inserts: DesiredRow[] = [];
  const updates: RowUpdate[] = [];
  const wanted = new Set<string>();
  for (const row of desired.rows) {
    const uuid = targetUuid(row, nb);
    wanted.add(uuid);
    const update = updateOf(row, uuid, nb);
    if (update === undefined) inserts.push(row);
    else if (update.differences.length > 0) updates.push(update);
  }
  return {
    inserts,
    updates,
    deletes: actual.rows.filter((row) => !wanted.has(row.uuid)),
    joins: without(desired.members, actual.members),
    leaves: without(actual.members, desired.members),
  };
}

export const isEmpty = (difference: KeyDiff): boolean =>
  difference.inserts.length === 0 &&
  difference.updates.length === 0 &&
  difference.deletes.length === 0 &&
  difference.joins.length === 0 &&
  difference.leaves.length === 0;
