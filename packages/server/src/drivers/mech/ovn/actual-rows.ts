import type { MemberColumn, Membership, OwnedTable } from './desired/row.ts';

/** A row of the replica that belongs to a key. */
export interface ActualRow {
  readonly table: OwnedTable;
  readonly uuid: string;
}

/** What the Northbound database holds for one key. */
export interface Actual {
  readonly rows: readonly ActualRow[];
  readonly members: readonly Membership[];
}

/** Rows that one row of the replica has in a set. */
export interface Children {
  readonly rows: readonly ActualRow[];
  readonly members: readonly Membership[];
}

export const childrenOf = (
  column: MemberColumn,
  table: OwnedTable,
  parent: string,
  elements: readonly string[],
): Children => ({
  rows: elements.map((uuid) => ({ table, uuid })),
  members: elements.map((element) => ({ column, parent, element })),
});
