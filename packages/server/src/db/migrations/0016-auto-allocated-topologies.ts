import { type Migration, schemaTerms } from './dialect.ts';

/** Topologies that projects got for the asking. */
export const topologyTables: Migration = {
  name: '0016-auto-allocated-topologies',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    const name = 'auto_allocated_topologies';
    await table(name)
      .addColumn('project_id', text, (c) => c.primaryKey().notNull())
      .addColumn('network_id', text, (c) => c.notNull().references('networks.id').onDelete('cascade'))
      .addColumn('router_id', text, (c) => c.references('routers.id').onDelete('set null'))
      .execute();
    for (const column of ['network_id', 'router_id'])
      await schema.createIndex(`${name}_by_${column}`).on(name).column(column).execute();
  },
};
