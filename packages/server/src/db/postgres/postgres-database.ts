import { type Dialect, DummyDriver, PostgresAdapter, PostgresIntrospector } from 'kysely';
import pg from 'pg';
import type { Clock } from '../../core/clock.ts';
import { PostgresCompiler } from '../compilers.ts';
import type { Database, DialectTraits, Reader, Transaction } from '../database.ts';
import { openTransaction } from '../open-transaction.ts';
import { retryTransaction } from '../retry-transaction.ts';
import { QueryScope } from '../scope.ts';
import { CommitOutcomeUnknown } from '../transaction-errors.ts';
import { Pings } from './pings.ts';
import {
  isSilence,
  isUnsent,
  PostgresSession,
  StatementNames,
  translatePostgresError,
  typeParsers,
} from './session.ts';

const POOL_SIZE = 10;
/** First key of advisory locks of duties: an arbitrary number that is ours. */
const DUTY_LOCKS = 1_886_745_203;
/** From this try on a transaction that keeps losing runs alone. */
const ALONE_FROM_ATTEMPT = 3;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 60_000;
/** After the server should have ended a statement itself, it is taken for dead. */
const GRACE_MS = 1_000;

// One of each for all scopes: what they make is kept by the adapter that it was made for.
const adapter = new PostgresAdapter();
const compiler = new PostgresCompiler();
const dialect: Dialect = {
  createAdapter: () => adapter,
  createDriver: () => new DummyDriver(),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => compiler,
};

/**
 * Every write transaction holds this empty table in a mode that goes together with itself, and one that has lost too
 * often in a mode that does not: it waits for those under way, runs alone and wins. LOCK TABLE comes before the
 * transaction's snapshot, which therefore shows all that they did.
 */
const WRITE_LANE = 'write_lane';
const BEGIN_SHARED = `begin isolation level serializable; lock table ${WRITE_LANE} in row share mode`;
const BEGIN_ALONE = `begin isolation level serializable; lock table ${WRITE_LANE} in exclusive mode`;

/**
 * A {@link Database} on PostgreSQL: serialisable write transactions and repeatable-read snapshots over a pool. A
 * transaction's callback must not wait for another transaction of the same database.
 */
export class PostgresDatabase implements Database {
  readonly traits: DialectTraits = { name: 'postgres', concurrentWriters: true };
  readonly #clock: Clock;
  readonly #pool: pg.Pool;
  readonly #pings: Pings;
  readonly #names = new StatementNames();
  readonly #patience: number;

  /**
   * @param url `postgres://user:password@host:port/database`, as libpq understands it
   * @param patience milliseconds that the server has for a statement, waiting for locks included, that it waits for the next
   *   one of a transaction, and after which a transaction is not tried again
   */
  constructor(url: string, clock: Clock, patience = Number.POSITIVE_INFINITY) {
    this.#clock = clock;
    this.#patience = patience;
    this.#pings = new Pings(url);
    const limits = {
      query_timeout: patience + GRACE_MS,
      onConnect: (client: pg.ClientBase) => limitSession(client, patience),
    };
    this.#pool = new pg.Pool({
      connectionString: url,
      max: POOL_SIZE,
      connectionTimeoutMillis: Math.min(CONNECT_TIMEOUT_MS, patience),
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      types: typeParsers,
      ...(Number.isFinite(patience) ? limits : {}),
    });
    // An idle connection that breaks is dropped by the pool; the next use opens another.
    this.#pool.on('error', () => undefined);
    // One that is being closed can break as well, and nobody listens then but us.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  read<T>(callback: (reader: Reader) => Promise<T>): Promise<T> {
    return retryTransaction(
      () =>
        this.#withClient('begin isolation level repeatable read read only', async (client) => {
          const scope = new QueryScope(new PostgresSession(client, this.#names), dialect);
          const result = await scope.run(() => callback(scope));
          await control(client, 'rollback');
          return result;
        }),
      this.#patience,
    );
  }

  readLatest<T>(callback: (reader: Reader) => Promise<T>): Promise<T> {
    return this.read(callback);
  }

  transaction<T>(callback: (tx: Transaction) => Promise<T>): Promise<T> {
    return retryTransaction(
      (attempt) =>
        this.#withClient(attempt < ALONE_FROM_ATTEMPT ? BEGIN_SHARED : BEGIN_ALONE, async (client) => {
          const session = new PostgresSession(client, this.#names);
          const { scope, tx, announce } = openTransaction(session, dialect, this.#clock);
          const result = await scope.run(() => callback(tx));
          await commit(client);
          announce();
          return result;
        }),
      this.#patience,
    );
  }

  /** Make what write transactions need before there is a schema. The caller holds the schema lock. */
  async makeWriteLane(): Promise<void> {
    await this.#pool.query(`create table if not exists ${WRITE_LANE} ()`);
  }

  /**
   * Run `callback` while no other process runs one under the same `key`. The lock is the connection's: it ends with the
   * process. Transactions that begin inside see all that the previous holder did.
   */
  async locked<T>(key: number, callback: () => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    const note = (error: Error) => {
      broken = error;
    };
    client.on('error', note);
    try {
      await client.query('select pg_advisory_lock($1)', [key]);
      return await callback();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [key]).catch(note);
      client.off('error', note);
      client.release(broken);
    }
  }

  async alone(name: string, callback: () => Promise<void>): Promise<boolean> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    const note = (error: Error) => {
      broken = error;
    };
    client.on('error', note);
    const lock = [DUTY_LOCKS, name];
    try {
      const taken = 'select pg_try_advisory_lock($1::int, hashtext($2)) as taken';
      const { rows } = await client.query(taken, lock).catch((error: Error) => {
        note(error);
        throw error;
      });
      if (rows[0]?.taken !== true) return false;
      try {
        await callback();
      } finally {
        await client.query('select pg_advisory_unlock($1::int, hashtext($2))', lock).catch(note);
      }
      return true;
    } finally {
      client.off('error', note);
      client.release(broken);
    }
  }

  /** A connection in a transaction; whatever happens it goes back clean, or not at all. */
  async #withClient<T>(begin: string, callback: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.#pool.connect();
    } catch (error) {
      throw translatePostgresError(error);
    }
    let broken: Error | undefined;
    try {
      await control(client, begin);
      return await callback(client);
    } catch (error) {
      // Behind a statement without an answer nothing else gets one.
      broken = isSilence(error) ? error : await rollback(client);
      throw error;
    } finally {
      client.release(broken);
    }
  }

  ping(): Promise<boolean> {
    return this.#pings.ping();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pings[Symbol.asyncDispose]();
    if (!this.#pool.ending) await this.#pool.end();
  }
}

/** Have the server itself end what takes longer, milliseconds. As a statement: PgBouncer refuses it among the parameters of a start. */
const limitSession = async (client: pg.ClientBase, patience: number): Promise<void> => {
  await client.query(
    `set statement_timeout = ${patience}; set idle_in_transaction_session_timeout = ${patience}`,
  );
};

const control = async (client: pg.PoolClient, statement: string): Promise<void> => {
  try {
    await client.query(statement);
  } catch (error) {
    throw translatePostgresError(error);
  }
};

const commit = async (client: pg.PoolClient): Promise<void> => {
  try {
    await client.query('commit');
  } catch (error) {
    if (error instanceof pg.DatabaseError || isUnsent(error)) throw translatePostgresError(error);
    throw new CommitOutcomeUnknown('the database was lost during a commit', { cause: error });
  }
};

/** The reason why the connection cannot be used again, if there is one. */
const rollback = async (client: pg.PoolClient): Promise<Error | undefined> => {
  try {
    await client.query('rollback');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};
