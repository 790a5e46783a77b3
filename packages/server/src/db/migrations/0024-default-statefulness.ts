import { type Migration, schemaTerms } from './dialect.ts';

/** Whether new groups are stateful: one row a project, and one of no project for all others. */
export const defaultStatefulnessTable: Migration = {
  name: '0024-default-statefulness',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('security_group_default_statefulness')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull().unique())
      .addColumn('stateful', 'integer', (c) => c.notNull())
      .execute();
  },
};
