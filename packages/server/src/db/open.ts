import { access, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { sleep } from '../core/sleep.ts';
import type { Database } from './database.ts';
import { migrate, requireMigrated } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { PostgresDatabase } from './postgres/postgres-database.ts';
import { isPassing, isRefusal } from './postgres/session.ts';
import { SqliteDatabase } from './sqlite/sqlite-database.ts';
import { CommitOutcomeUnknown, StatementTimeout } from './transaction-errors.ts';

/** Key of PostgreSQL's advisory lock for the schema: an arbitrary number that is ours. */
const SCHEMA_LOCK = 7_031_988_110;

/** Modes of what is made: everything that the service knows is in it. */
const OWNER_DIRECTORY = 0o700;
const OWNER_FILE = 0o600;

/** Where the database is. */
export interface DatabaseConfig {
  /** `sqlite:PATH` (a file, made with its directory, for its owner alone, when missing) or `postgres://…` */
  readonly url: string;
  /** Seconds that a server has for one statement once the schema is up to date; default: any time. */
  readonly statementTimeout?: number;
}

/** For callers that can wait until a database server is there. */
export interface Patience {
  /** Told each time that the server could not be reached. */
  readonly waiting: (error: unknown) => void;
  /** Ends the waiting with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Between two tries to reach a server. Milliseconds. */
const REACH_AGAIN_MS = 1_000;

/**
 * Open the database and bring its schema up to date. With `patience` it waits for a server that cannot be reached or is
 * starting; otherwise that is an error. Throws TypeError for a URL of another scheme, SchemaTooNew for a database that a
 * newer version wrote.
 */
export const openDatabase = async (
  config: DatabaseConfig,
  clock: Clock = systemClock,
  patience?: Patience,
): Promise<Database> => {
  const database = await connect(config.url, clock);
  try {
    // SQLite's one writer is lock enough.
    if (!(database instanceof PostgresDatabase)) {
      await migrate(database, migrations);
      return database;
    }
    await whenReachable(database, () => prepareServer(database), patience);
    if (config.statementTimeout === undefined) return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
  // Bringing a schema up to date may take its time.
  await database[Symbol.asyncDispose]();
  return new PostgresDatabase(config.url, clock, config.statementTimeout * 1_000);
};

/** Also below what transactions make of it for clients. */
const mayPass = (error: unknown): boolean =>
  isPassing(error) ||
  error instanceof CommitOutcomeUnknown ||
  error instanceof StatementTimeout ||
  (error instanceof Error && error.cause !== undefined && mayPass(error.cause));

/**
 * Do work at the start that may be done twice. With `patience` it is done again for as long as its server cannot be
 * reached or breaks the connection; what the server refuses, or the work throws, is thrown.
 */
export const whenReachable = async <T>(
  database: Database,
  work: () => Promise<T>,
  patience?: Patience,
): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (patience === undefined || isRefusal(error)) throw error;
      // A server that was restarted meanwhile answers again, though the error was its absence.
      if (!mayPass(error) && (await database.ping())) throw error;
      patience.waiting(error);
      await sleep(REACH_AGAIN_MS, patience.signal);
    }
  }
};

const prepareServer = (database: PostgresDatabase): Promise<void> =>
  database.locked(SCHEMA_LOCK, async () => {
    await database.makeWriteLane();
    await migrate(database, migrations);
  });

/**
 * Open a database that the service made, for tools: nothing is created and the schema is left alone. Throws as
 * {@link openDatabase} does, SchemaTooOld for a database that wants to be brought up to date, and what the file system
 * says about a file that is not there.
 */
export const openExistingDatabase = async (
  config: DatabaseConfig,
  clock: Clock = systemClock,
): Promise<Database> => {
  if (config.url.startsWith('sqlite:')) await access(sqlitePath(config.url));
  const database = await connect(config.url, clock);
  try {
    await requireMigrated(database, migrations);
    return database;
  } catch (error) {
    await database[Symbol.asyncDispose]();
    throw error;
  }
};

/** The file of a `sqlite:` URL. Throws TypeError when it names none. */
export const sqlitePath = (url: string): string => {
  const path = url.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '' || path === ':memory:')
    throw new TypeError('a sqlite database URL names a file: sqlite:PATH');
  return path;
};

const connect = async (url: string, clock: Clock): Promise<Database> => {
  const [scheme] = url.split(':', 1);
  switch (scheme) {
    case 'sqlite': {
      const path = sqlitePath(url);
      await mkdir(dirname(path), { recursive: true, mode: OWNER_DIRECTORY });
      // SQLite gives its other files the mode of this one.
      await (await open(path, 'a', OWNER_FILE)).close();
      return new SqliteDatabase(path, clock);
    }
    case 'postgres':
    case 'postgresql':
      return new PostgresDatabase(url, clock);
    default:
      throw new TypeError(`database URL must start with sqlite: or postgres:, not ${scheme}:`);
  }
};
