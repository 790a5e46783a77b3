import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { ColumnValue } from '@ovenbird/ovsdb';
import type { OwnedTable } from './desired/row.ts';
import { type Ownership, ownedColumns } from './owned.ts';

/** One column that is not as it should be. Of maps in which we own keys, only what differs among those is shown. */
export interface ColumnDifference {
  readonly column: string;
  readonly have: ColumnValue;
  readonly want: ColumnValue;
  /** For partly owned maps and sets of members: what to take out first, and what to put in then. */
  readonly patch?: {
    readonly remove: ReadonlySet<string>;
    readonly put: ReadonlyMap<string, string> | ReadonlySet<string>;
  };
}

const equalSets = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean => {
  if (a.size !== b.size) return false;
  for (const member of a) if (!b.has(member)) return false;
  return true;
};

const equalMaps = (a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean => {
  if (a.size !== b.size) return false;
  for (const [key, value] of a) if (b.get(key) !== value) return false;
  return true;
};

/** Whether two values of one column are the same; sets and maps have no order. */
export const sameValue = (a: ColumnValue, b: ColumnValue): boolean => {
  if (a instanceof Set && b instanceof Set) return equalSets(a, b);
  if (a instanceof Map && b instanceof Map) return equalMaps(a, b);
  return a === b;
};

const NO_ENTRIES: ReadonlyMap<unknown, unknown> = new Map();
const entriesOf = (value: ColumnValue): ReadonlyMap<unknown, unknown> =>
  value instanceof Map ? value : NO_ENTRIES;

/** Owned entries of `a` that `b` lacks or has another value for. Copies nothing else: there may be thousands. */
const entriesWithout = (
  a: ReadonlyMap<unknown, unknown>,
  b: ReadonlyMap<unknown, unknown>,
  owns: (key: string) => boolean,
): Map<string, string> => {
  const entries = new Map<string, string>();
  for (const [key, value] of a)
    if (b.get(key) !== value && owns(String(key))) entries.set(String(key), String(value));
  return entries;
};

function mapDifference(
  column: string,
  owns: (key: string) => boolean,
  haveAll: ColumnValue,
  wantAll: ColumnValue,
): ColumnDifference | undefined {
  const have = entriesWithout(entriesOf(haveAll), entriesOf(wantAll), owns);
  const want = entriesWithout(entriesOf(wantAll), entriesOf(haveAll), owns);
  if (have.size === 0 && want.size === 0) return undefined;
  return { column, have, want, patch: { remove: new Set(have.keys()), put: want } };
}

const members = (value: ColumnValue): ReadonlySet<string> =>
  new Set(value instanceof Set ? [...value].map(String) : []);

function setDifference(
  column: string,
  haveAll: ColumnValue,
  wantAll: ColumnValue,
): ColumnDifference | undefined {
  const have = members(haveAll);
  const want = members(wantAll);
  if (equalSets(have, want)) return undefined;
  return { column, have, want, patch: { remove: have.difference(want), put: want.difference(have) } };
}

/** Whether `column` is one that we own of `table`. */
export const isOwnedColumn = <K extends OwnedTable>(
  table: K,
  column: string,
): column is keyof NorthboundTables[K] & string => Object.hasOwn(ownedColumns[table], column);

type Columns = { readonly [column: string]: ColumnValue };

/**
 * Owned columns in which a row differs from what it should be. `has` tells which columns the server's schema has; the
 * others cannot differ.
 */
export function columnDifferences(
  table: OwnedTable,
  have: Columns,
  want: Columns,
  has: (column: string) => boolean,
): readonly ColumnDifference[] {
  const differences: ColumnDifference[] = [];
  const owned: { readonly [column: string]: Ownership | undefined } = ownedColumns[table];
  for (const column of Object.keys(want)) {
    const ownership = owned[column];
    if (ownership === undefined || !has(column)) continue;
    if (ownership === 'whole') {
      if (!sameValue(have[column], want[column]))
        differences.push({ column, have: have[column], want: want[column] });
      continue;
    }
    const difference =
      ownership === 'members'
        ? setDifference(column, have[column], want[column])
        : mapDifference(column, ownership, have[column], want[column]);
    if (difference !== undefined) differences.push(difference);
  }
  return differences;
}
