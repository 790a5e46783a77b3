import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database, Reader, Transaction } from '../database.ts';
import { openDatabase, openExistingDatabase } from '../open.ts';
import { type AnyRow, countRows, nextRows, type TableShape, tablesOf } from './tables.ts';

/** Told how many rows are done, and of how many. */
export type CopyProgress = (done: number, all: number) => void;

export interface CopyOptions {
  /** `sqlite:PATH` that the service made. */
  readonly from: string;
  /** `postgres://…` of a database without content. */
  readonly to: string;
  readonly copying?: CopyProgress;
  readonly verifying?: CopyProgress;
}

export interface CopyReport {
  readonly tables: number;
  readonly rows: number;
}

/** The copy cannot be made, or is not what was copied. */
export class CopyRefused extends Error {
  override readonly name = 'CopyRefused';
}

/** Rows of one statement, and of one comparison. */
const PAGE = 1_000;

/** Tables that a fresh schema ships rows in. */
const shippedTables = async (): Promise<ReadonlySet<string>> => {
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-copy-'));
  try {
    await using fresh = await openDatabase({ url: `sqlite:${join(directory, 'fresh.db')}` });
    return await fresh.read(async (reader) => {
      const names = new Set<string>();
      for (const { name } of await tablesOf(reader)) if ((await countRows(reader, name)) > 0) names.add(name);
      return names;
    });
  } finally {
    await rm(directory, { recursive: true });
  }
};

const requireNoContent = async (target: Database, tables: readonly TableShape[]): Promise<void> => {
  const shipped = await shippedTables();
  await target.read(async (reader) => {
    for (const { name } of tables)
      if (!shipped.has(name) && (await countRows(reader, name)) > 0)
        throw new CopyRefused(
          `the target has rows in ${name} already; it must be a database without content`,
        );
  });
};

const insertPage = async (tx: Transaction, table: TableShape, rows: readonly AnyRow[]): Promise<void> => {
  const columns = sql.join(table.columns.map((column) => sql.ref(column)));
  await sql`
    insert into ${sql.table(table.name)} (${columns}) overriding system value
    select ${columns} from json_populate_recordset(null::${sql.table(table.name)}, ${JSON.stringify(rows)}::json)
  `.execute(tx.query);
};

/** Numbers that the database gives out go on behind those that were copied. */
const continueNumbers = async (tx: Transaction, { name, columns }: TableShape): Promise<void> => {
  if (!columns.includes('seq')) return;
  await sql`
    select setval(pg_get_serial_sequence(${name}, 'seq'), greatest((select max(seq) from ${sql.table(name)}), 1))
  `.execute(tx.query);
};

async function* pages(reader: Reader, table: TableShape): AsyncGenerator<readonly AnyRow[], void, void> {
  let last: AnyRow | undefined;
  do {
    const rows = await nextRows(reader, table, last, PAGE);
    if (rows.length === 0) return;
    yield rows;
    last = rows.length < PAGE ? undefined : rows.at(-1);
  } while (last !== undefined);
}

const copyAll = async (
  reader: Reader,
  tx: Transaction,
  tables: readonly TableShape[],
  tell: (rows: number) => void,
): Promise<void> => {
  for (const { name } of tables.toReversed()) await sql`delete from ${sql.table(name)}`.execute(tx.query);
  for (const table of tables) {
    for await (const rows of pages(reader, table)) {
      await insertPage(tx, table, rows);
      tell(rows.length);
    }
    await continueNumbers(tx, table);
  }
};

// Both dialects hold text and whole numbers only; large numbers may come as text.
const plainText = (table: TableShape, row: AnyRow | undefined): string =>
  JSON.stringify(table.columns.map((column) => (row?.[column] === null ? null : String(row?.[column]))));

const compareAll = async (
  source: Reader,
  target: Reader,
  tables: readonly TableShape[],
  tell: (rows: number) => void,
): Promise<void> => {
  for (const table of tables) {
    const theirs = pages(target, table);
    const wrong = (row: AnyRow | undefined): never => {
      const key = table.key.map((column) => String(row?.[column])).join(', ');
      throw new CopyRefused(
        `${table.name} ${key} differs; was the service running? Stop it, empty the target and copy again`,
      );
    };
    for await (const rows of pages(source, table)) {
      const copied = (await theirs.next()).value ?? [];
      for (const [at, row] of rows.entries())
        if (plainText(table, row) !== plainText(table, copied[at])) wrong(row);
      if (copied.length > rows.length) wrong(copied[rows.length]);
      tell(rows.length);
    }
    const [more] = (await theirs.next()).value ?? [];
    if (more !== undefined) wrong(more);
  }
};

/** Counts rows and passes the sum on. */
const counter = (all: number, progress: CopyProgress | undefined): ((rows: number) => void) => {
  let done = 0;
  return (rows) => {
    done += rows;
    progress?.(done, all);
  };
};

/**
 * Copy everything from SQLite to PostgreSQL, from one snapshot, in one transaction, and compare it row by row with what
 * the source holds afterwards. The service must not run. Throws {@link CopyRefused}, and what opening throws.
 */
export const copyDatabase = async (options: CopyOptions): Promise<CopyReport> => {
  if (!options.from.startsWith('sqlite:')) throw new CopyRefused('the source must be a sqlite: URL');
  if (!/^postgres(ql)?:/.test(options.to)) throw new CopyRefused('the target must be a postgres: URL');
  await using source = await openExistingDatabase({ url: options.from });
  await using target = await openDatabase({ url: options.to });
  const tables = await source.read(tablesOf);
  await requireNoContent(target, tables);
  const rows = await source.read(async (reader) => {
    let all = 0;
    for (const { name } of tables) all += await countRows(reader, name);
    await target.transaction((tx) => copyAll(reader, tx, tables, counter(all, options.copying)));
    return all;
  });
  await source.read((before) =>
    target.read((after) => compareAll(before, after, tables, counter(rows, options.verifying))),
  );
  return { tables: tables.length, rows };
};
