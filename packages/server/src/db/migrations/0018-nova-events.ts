import { type Migration, schemaTerms } from './dialect.ts';

export const novaEventTables: Migration = {
  name: '0018-nova-events',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const sqlite = context.traits.name === 'sqlite';
    await table('nova_events')
      .addColumn('seq', sqlite ? 'integer' : 'bigint', (c) =>
        sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
      )
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('server_id', text, (c) => c.notNull())
      .addColumn('port_id', text, (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .execute();
  },
};
