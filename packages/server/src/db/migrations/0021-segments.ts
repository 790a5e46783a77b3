import { sql } from 'kysely';
import { type Migration, schemaTerms } from './dialect.ts';

/** Segments as resources of their own; those that exist are as old as their networks. */
export const segmentColumns: Migration = {
  name: '0021-segments',
  async up(context) {
    const { query } = context;
    const { text } = schemaTerms(context);
    for (const column of ['description', 'created_at', 'updated_at'])
      await query.schema
        .alterTable('network_segments')
        .addColumn(column, text, (c) => c.notNull().defaultTo(''))
        .execute();
    await query.schema
      .alterTable('network_segments')
      .addColumn('revision_number', 'integer', (c) => c.notNull().defaultTo(1))
      .execute();
    const since = sql<string>`(select created_at from networks where networks.id = network_segments.network_id)`;
    await query.updateTable('network_segments').set({ created_at: since, updated_at: since }).execute();
  },
};
