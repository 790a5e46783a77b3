import { openDatabase } from '../db/open.ts';
import { startPostgres, statement, type TestPostgres } from './postgres.ts';

/** Environment variable with the server that all test files of a run use; absent when a file is run by itself. */
const VARIABLE = 'TEST_POSTGRES';
const MIGRATED = 'migrated';

/** Databases that this process made on the shared server. */
let count = 0;

/** Databases on a PostgreSQL server that is the test's own, or everybody's. Disposing removes them. */
export interface PostgresDatabases extends AsyncDisposable {
  /** Make an empty database; its URL. */
  createDatabase(): Promise<string>;
  /** Make a database that has its tables; its URL. */
  createMigrated(): Promise<string>;
}

/** Start a server for all test files of the processes below this one, until disposed. */
export const sharePostgres = async (): Promise<AsyncDisposable> => {
  const server = await startPostgres();
  try {
    const url = await server.createDatabase(MIGRATED);
    const database = await openDatabase({ url });
    await database[Symbol.asyncDispose]();
    process.env[VARIABLE] = server.urlOf('postgres');
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return server;
};

/** The databases of a server of one's own: there is no other to be like, so their tables are made when they are opened. */
const ownDatabases = (server: TestPostgres): PostgresDatabases => ({
  createDatabase: () => server.createDatabase(),
  createMigrated: () => server.createDatabase(),
  [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
});

/** A place for databases on the shared server, or on one of one's own when there is none. */
export const openPostgres = async (): Promise<PostgresDatabases> => {
  const server = process.env[VARIABLE];
  if (server === undefined) return ownDatabases(await startPostgres());
  const made: string[] = [];
  const make = async (like: string): Promise<string> => {
    count += 1;
    const name = `test_${process.pid}_${count}`;
    made.push(name);
    await statement(server, `create database ${name} template ${like}`);
    return server.replace('/postgres?', `/${name}?`);
  };
  return {
    createDatabase: () => make('template0'),
    createMigrated: () => make(MIGRATED),
    async [Symbol.asyncDispose]() {
      for (const name of made) await statement(server, `drop database if exists ${name} with (force)`);
    },
  };
};
