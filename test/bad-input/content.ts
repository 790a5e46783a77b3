import { sql } from 'kysely';
import type { Database } from '../../packages/server/src/db/database.ts';
import { backgroundTables } from '../../packages/server/src/testing/background-tables.ts';

/** Every row of every table that requests write, as text; equal texts mean that nothing changed. */
export const contentOf = (database: Database): Promise<string> =>
  database.read(async ({ query }) => {
    const named = query.introspection.getTables();
    const names = (await named).map(({ name }) => name);
    const tables = names.filter((name) => !backgroundTables.has(name)).sort();
    const rows: unknown[] = [];
    for (const table of tables) {
      const { rows: found } = await sql`select * from ${sql.table(table)}`.execute(query);
      rows.push([table, found.map((row) => JSON.stringify(row)).sort()]);
    }
    return JSON.stringify(rows);
  });
