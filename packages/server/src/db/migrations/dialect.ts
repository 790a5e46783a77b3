import { type CreateTableBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import type { DialectTraits } from '../database.ts';
import type { Tables } from '../tables.ts';

/** What one step of the schema's history gets to work with. Both dialects are written from one source. */
export interface MigrationContext {
  readonly query: Kysely<Tables>;
  readonly traits: DialectTraits;
  /** ISO 8601, for rows that a migration ships. */
  readonly now: string;
}

/** One forward step. Its name is its identity: a step that has run is never changed or renamed. */
export interface Migration {
  readonly name: string;
  up(context: MigrationContext): Promise<void>;
}

/** Column types and table options by dialect. */
export interface SchemaTerms {
  /** Text that compares byte by byte, whatever the locale of the database. */
  readonly text: RawBuilder<unknown>;
  readonly integer: 'integer';
  /** A table with strict types; `keyed`: rows live in the primary key (link tables). */
  table(name: keyof Tables, shape?: 'keyed'): CreateTableBuilder<string, never>;
}

export const schemaTerms = ({ query, traits }: MigrationContext): SchemaTerms => {
  const sqlite = traits.name === 'sqlite';
  return {
    text: sqlite ? sql`text` : sql`text collate "C"`,
    integer: 'integer',
    table: (name, shape) => {
      const table = query.schema.createTable(name);
      if (!sqlite) return table;
      return table.modifyEnd(shape === 'keyed' ? sql`strict, without rowid` : sql`strict`);
    },
  };
};
