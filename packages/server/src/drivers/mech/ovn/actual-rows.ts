import type { Membership, OwnedTable } from './desired/row.ts';

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
