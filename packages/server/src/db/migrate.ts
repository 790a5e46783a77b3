import type { Kysely } from 'kysely';
import type { Database } from './database.ts';
import type { Migration } from './migrations/dialect.ts';

interface HistoryTables {
  schema_history: { name: string; applied_at: string };
}

/** The database was written by a newer version of this program. */
export class SchemaTooNew extends Error {
  override readonly name = 'SchemaTooNew';
}

/** The database was written by an older version of this program, and the caller may not change it. */
export class SchemaTooOld extends Error {
  override readonly name = 'SchemaTooOld';
}

const requireKnown = (applied: ReadonlySet<string>, migrations: readonly Migration[]): void => {
  const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0)
    throw new SchemaTooNew(`the database has unknown schema steps: ${unknown.join(', ')}`);
};

/** Throws {@link SchemaTooNew} or {@link SchemaTooOld} unless the schema is at the end of `migrations`. */
export const requireMigrated = (database: Database, migrations: readonly Migration[]): Promise<void> =>
  database.read(async (reader) => {
    const history = reader.query as unknown as Kysely<HistoryTables>;
    const rows = await history.selectFrom('schema_history').select('name').execute();
    const applied = new Set(rows.map((row) => row.name));
    requireKnown(applied, migrations);
    const missing = migrations.filter((migration) => !applied.has(migration.name)).map(({ name }) => name);
    if (missing.length > 0)
      throw new SchemaTooOld(
        `the database lacks schema steps (a start of the service makes them): ${missing.join(', ')}`,
      );
  });

/**
 * Bring the schema to the end of `migrations`, in one transaction. The caller holds the schema lock where several
 * processes may start at once. Throws
 * {@link SchemaTooNew} when the database has steps that this program does not know.
 *
 * @returns names of the steps that were applied
 */
export const migrate = (database: Database, migrations: readonly Migration[]): Promise<readonly string[]> =>
  database.transaction(async (tx) => {
    // The history is no business of the rest of the program and therefore not among its tables.
    const history = tx.query as unknown as Kysely<HistoryTables>;
    const applied = await appliedSteps(history);
    requireKnown(applied, migrations);
    const missing = migrations.filter((migration) => !applied.has(migration.name));
    for (const migration of missing) {
      await migration.up({ query: tx.query, traits: database.traits, now: tx.now });
      await history
        .insertInto('schema_history')
        .values({ name: migration.name, applied_at: tx.now })
        .execute();
    }
    return missing.map((migration) => migration.name);
  });

const appliedSteps = async (history: Kysely<HistoryTables>): Promise<ReadonlySet<string>> => {
  await history.schema
    .createTable('schema_history')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('applied_at', 'text', (c) => c.notNull())
    .execute();
  const rows = await history.selectFrom('schema_history').select('name').execute();
  return new Set(rows.map((row) => row.name));
};
