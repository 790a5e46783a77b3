import { type Dialect, DummyDriver, SqliteAdapter, SqliteIntrospector } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { SqliteCompiler } from '../compilers.ts';
import type { Database, DialectTraits, Reader, Transaction } from '../database.ts';
import { openTransaction } from '../open-transaction.ts';
import { retryTransaction } from '../retry-transaction.ts';
import { QueryScope, type SqlSession } from '../scope.ts';
import { SqliteConnection } from './connection.ts';
import { GroupWriter } from './group-writer.ts';
import { SqliteReaders } from './readers.ts';

const READERS = 4;
const GROUP_LIMITS = { transactions: 64, milliseconds: 10 };

// One of each for all scopes: what they make is kept by the adapter that it was made for.
const adapter = new SqliteAdapter();
const compiler = new SqliteCompiler();
const dialect: Dialect = {
  createAdapter: () => adapter,
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => compiler,
};

/** The connection of the writers as readers may use it. */
const onlyReading = (connection: SqliteConnection): SqlSession => ({
  execute(sql, parameters) {
    if (!/^\s*(?:select|with)\b/.test(sql)) throw new Error('a statement of a reader would write');
    return connection.execute(sql, parameters);
  },
});

/** A {@link Database} in one SQLite file: one writer with group commit, several readers of snapshots. */
export class SqliteDatabase implements Database {
  readonly traits: DialectTraits = { name: 'sqlite', concurrentWriters: false };
  readonly #clock: Clock;
  readonly #connection: SqliteConnection;
  readonly #writer: GroupWriter;
  readonly #readers: SqliteReaders;

  constructor(path: string, clock: Clock) {
    this.#clock = clock;
    this.#connection = new SqliteConnection(path, { readOnly: false });
    this.#writer = new GroupWriter(this.#connection, GROUP_LIMITS);
    this.#readers = new SqliteReaders(path, READERS);
  }

  read<T>(callback: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#readers.use(async (connection) => {
      connection.begin('begin');
      const scope = new QueryScope(connection, dialect);
      try {
        return await callback(scope);
      } finally {
        scope.end();
        connection.rollback();
      }
    });
  }

  readLatest<T>(callback: (reader: Reader) => Promise<T>): Promise<T> {
    return this.#writer.read(async () => {
      const scope = new QueryScope(onlyReading(this.#connection), dialect);
      try {
        return await callback(scope);
      } finally {
        scope.end();
      }
    });
  }

  transaction<T>(callback: (tx: Transaction) => Promise<T>): Promise<T> {
    return retryTransaction(async () => {
      const { scope, tx, announce } = openTransaction(this.#connection, dialect, this.#clock);
      const result = await this.#writer.write(() => scope.run(() => callback(tx)));
      announce();
      return result;
    });
  }

  // One process has the database.
  async alone(_name: string, callback: () => Promise<void>): Promise<boolean> {
    await callback();
    return true;
  }

  async ping(): Promise<boolean> {
    try {
      return await this.read(async (reader) => {
        await reader.query.selectFrom('journal').select('seq').limit(1).execute();
        return true;
      });
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
    this.#readers[Symbol.dispose]();
    this.#connection[Symbol.dispose]();
  }
}
