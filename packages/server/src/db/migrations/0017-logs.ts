import { type Migration, schemaTerms } from './dialect.ts';

/** Logs of security groups; found by the group and by the port that they are about. */
export const logTables: Migration = {
  name: '0017-logs',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('logs')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('resource_type', text, (c) => c.notNull())
      .addColumn('resource_id', text, (c) => c.references('security_groups.id').onDelete('cascade'))
      .addColumn('event', text, (c) => c.notNull())
      .addColumn('target_id', text, (c) => c.references('ports.id').onDelete('cascade'))
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .addColumn('all_projects', 'integer', (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('revision_number', 'integer', (c) => c.notNull())
      .execute();
    const { schema } = context.query;
    await schema.createIndex('logs_by_project').on('logs').columns(['project_id', 'id']).execute();
    for (const column of ['resource_id', 'target_id'])
      await schema.createIndex(`logs_by_${column}`).on('logs').column(column).execute();
  },
};
