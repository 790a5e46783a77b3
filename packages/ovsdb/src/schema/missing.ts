import type { DatabaseSchema } from './database-schema.ts';

/** What a server's schema lacks of another one. */
export interface MissingParts {
  /** Names of tables that the server lacks. */
  readonly tables: readonly string[];
  /** Columns that the server lacks in tables that it has, as `Table.column`. */
  readonly columns: readonly string[];
}

/**
 * Compare a server's schema with the one that the caller was written for.
 * In: the server's schema, the wanted schema. Out: tables and columns of the wanted schema that the server lacks.
 */
export function missing(serverSchema: DatabaseSchema, schema: DatabaseSchema): MissingParts {
  const tables: string[] = [];
  const columns: string[] = [];
  for (const [name, table] of Object.entries(schema.tables)) {
    const served = serverSchema.tables[name];
    if (served === undefined) {
      tables.push(name);
      continue;
    }
    for (const column of Object.keys(table.columns)) {
      if (served.columns[column] === undefined) columns.push(`${name}.${column}`);
    }
  }
  return { tables, columns };
}
