import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { QueryResult } from 'kysely';
import { UniqueViolation } from '../database.ts';
import type { SqlSession } from '../scope.ts';
import { TransactionConflict } from '../transaction-errors.ts';
import { type RowMaker, rowMaker, type SqlRow } from './row-maker.ts';

const STATEMENT_CACHE_SIZE = 512;
/** Length of the write-ahead log, in pages of 4 KiB, at which it is carried over into the database file. */
const CHECKPOINT_PAGES = 4_000;
/** Pages that a connection keeps; what is not here is in the page cache of the system. */
const WRITER_CACHE_KIB = 8_000;
const READER_CACHE_KIB = 4_000;
/** How long SQLite itself waits, blocking the process, for a lock of another process. */
const BUSY_TIMEOUT_MS = 20;

/** Primary result codes (low byte) and extended ones of SQLite. */
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CONSTRAINT_PRIMARYKEY = 1555;
const SQLITE_CONSTRAINT_UNIQUE = 2067;
const SQLITE_CONSTRAINT_ROWID = 2579;

interface Prepared {
  readonly statement: StatementSync;
  /** Makes the rows of a statement that returns some. */
  readonly toRow: RowMaker | undefined;
}

/** One connection to a SQLite file, with its prepared statements. Statements run synchronously. */
export class SqliteConnection implements SqlSession, Disposable {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, Prepared>();

  /**
   * Opens `path` in WAL mode with full sync, creating it unless `readOnly`. What a savepoint may have to undo stays in
   * memory: a port touches as many pages as make SQLite open a file for them otherwise.
   */
  constructor(path: string, options: { readonly readOnly: boolean }) {
    this.#database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: BUSY_TIMEOUT_MS });
    this.#database.exec(
      options.readOnly
        ? `pragma cache_size = -${READER_CACHE_KIB}`
        : `pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
           pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}; pragma cache_size = -${WRITER_CACHE_KIB};
           pragma temp_store = memory`,
    );
  }

  execute(sql: string, parameters: readonly unknown[]): QueryResult<unknown> {
    // Kysely hands on what the builders were given; a value that SQLite has no type for is refused by bind itself.
    const values = parameters as SQLInputValue[];
    try {
      const { statement, toRow } = this.#prepare(sql);
      if (toRow !== undefined) {
        // Rows come as arrays of values, which the types of node:sqlite cannot tell from a flag set earlier.
        const found = statement.all(...values) as readonly unknown[] as readonly SqlRow[];
        return { rows: found.map(toRow), numAffectedRows: BigInt(found.length) };
      }
      const { changes, lastInsertRowid } = statement.run(...values);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** Run a statement of transaction control. */
  control(sql: string): void {
    try {
      this.#prepare(sql).statement.run();
    } catch (error) {
      throw translateSqliteError(error);
    }
  }

  /** Begin a transaction. One that could not be ended when it was over is ended before. */
  begin(how: 'begin' | 'begin immediate'): void {
    if (this.#database.isTransaction) this.control('rollback');
    this.control(how);
  }

  /** Undo and end the transaction, if SQLite has not done so by itself, as it does after some errors. Never throws. */
  rollback(): void {
    try {
      if (this.#database.isTransaction) this.control('rollback');
    } catch {
      // The next `begin` tries again.
    }
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known) return known;
    const statement = this.#database.prepare(sql);
    const columns = statement.columns().map((column) => column.name);
    const prepared = { statement, toRow: columns.length > 0 ? rowMaker(columns) : undefined };
    statement.setReturnArrays(true);
    const oldest = this.#prepared.size >= STATEMENT_CACHE_SIZE ? this.#prepared.keys().next() : undefined;
    if (oldest && !oldest.done) this.#prepared.delete(oldest.value);
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  [Symbol.dispose](): void {
    this.#prepared.clear();
    if (this.#database.isOpen) this.#database.close();
  }
}

const errorCode = (error: Error): number => ('errcode' in error ? Number(error.errcode) : 0);

/** SQLite's errors in the terms of the Database contract. */
const translateSqliteError = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const code = errorCode(error);
  if ([SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_ROWID].includes(code)) {
    const columns = [...error.message.matchAll(/(\w+)\.(\w+)/g)];
    const table = columns[0]?.[1] ?? '';
    return new UniqueViolation(
      table,
      columns.map((match) => match[2] ?? ''),
      { cause: error },
    );
  }
  const primary = code & 0xff;
  if (primary === SQLITE_BUSY || primary === SQLITE_LOCKED) {
    return new TransactionConflict(error.message, { cause: error });
  }
  return error;
};
