import type { InsertObject } from 'kysely';
import type { Transaction } from '../db/database.ts';
import { asTheyAre, insertCompiled } from '../db/query/insert.ts';
import type { Tables } from '../db/tables.ts';

/** Bound parameters of one statement; SQLite takes 32,766. */
const MAX_PARAMETERS = 30_000;

/** Insert any number of rows of one shape: one statement unless there are thousands. */
export const insertRows = async <T extends keyof Tables & string>(
  tx: Transaction,
  table: T,
  rows: readonly InsertObject<Tables, T>[],
): Promise<void> => {
  const [first] = rows;
  if (first === undefined) return;
  const atOnce = Math.floor(MAX_PARAMETERS / Object.keys(first).length);
  for (let from = 0; from < rows.length; from += atOnce) {
    await insertCompiled(tx, table, rows.slice(from, from + atOnce), asTheyAre);
  }
};
