import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Clock } from '../core/clock.ts';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open.ts';
import { migratedSqlite } from './migrated-sqlite.ts';
import { openPostgres, type PostgresDatabases } from './shared-postgres.ts';

/** Databases of one dialect, for the length of a suite. */
export interface TestDatabases {
  /** An empty, migrated database of its own; closed when the suite ends. */
  open(clock?: Clock): Promise<Database>;
  /** The URL of a database of its own without content; it may have its tables already. */
  freshUrl(): Promise<string>;
  /** The URL of a database without tables, for tests of opening itself. */
  emptyUrl(): Promise<string>;
}

/**
 * Declare `suite` once for each SQL dialect, against real databases: SQLite files in a fresh directory, and a private
 * PostgreSQL server, or the one that a run of all tests shares. Both are removed when the suite ends.
 *
 * @example forEachDialect('networks', (databases) => { it('…', async () => { const db = await databases.open(); … }); });
 */
export const forEachDialect = (subject: string, suite: (databases: TestDatabases) => void): void => {
  describe(`${subject} on sqlite`, () => {
    let directory = '';
    let count = 0;
    const nextName = (): string => {
      count += 1;
      return `${count}.db`;
    };
    before(async () => {
      directory = await mkdtemp(join(tmpdir(), 'ovenbird-db-'));
    });
    suite(
      openedFrom(
        () => migratedSqlite(directory, nextName()),
        async () => `sqlite:${join(directory, nextName())}`,
      ),
    );
    after(() => rm(directory, { recursive: true, force: true }));
  });
  describe(`${subject} on postgres`, () => {
    let server: PostgresDatabases | undefined;
    const running = (): PostgresDatabases => {
      if (!server) throw new Error('databases exist only while the suite runs');
      return server;
    };
    before(async () => {
      server = await openPostgres();
    });
    suite(
      openedFrom(
        async () => running().createMigrated(),
        async () => running().createDatabase(),
      ),
    );
    after(() => server?.[Symbol.asyncDispose]());
  });
};

/** Declares the hook that closes what was opened; it runs before the one that removes the storage. */
const openedFrom = (freshUrl: () => Promise<string>, emptyUrl: () => Promise<string>): TestDatabases => {
  const opened: Database[] = [];
  after(async () => {
    for (const database of opened) await database[Symbol.asyncDispose]();
  });
  return {
    freshUrl,
    emptyUrl,
    async open(clock) {
      const database = await openDatabase({ url: await freshUrl() }, clock);
      opened.push(database);
      return database;
    },
  };
};
