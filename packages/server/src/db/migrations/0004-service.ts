import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createJournal = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const sqlite = context.traits.name === 'sqlite';
  await table('journal')
    .addColumn('seq', sqlite ? 'integer' : 'bigint', (c) =>
      sqlite ? c.primaryKey().autoIncrement() : c.primaryKey().generatedAlwaysAsIdentity(),
    )
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('id', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('last_error', text)
    .execute();
  await context.query.schema.createIndex('journal_by_object').on('journal').columns(['kind', 'id']).execute();
};

/** What every kind of resource shares: grants, tags, quotas; and the journal. */
export const serviceTables: Migration = {
  name: '0004-service',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    await table('rbac_entries')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('object_type', text, (c) => c.notNull())
      .addColumn('object_id', text, (c) => c.notNull())
      .addColumn('action', text, (c) => c.notNull())
      .addColumn('target_project', text, (c) => c.notNull())
      .addUniqueConstraint('rbac_entries_grant', ['object_type', 'object_id', 'action', 'target_project'])
      .execute();
    await schema
      .createIndex('rbac_entries_by_target')
      .on('rbac_entries')
      .columns(['object_type', 'target_project', 'action', 'object_id'])
      .execute();
    await table('tags', 'keyed')
      .addColumn('object_id', text, (c) => c.notNull())
      .addColumn('tag', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('tags_key', ['object_id', 'tag'])
      .execute();
    await schema.createIndex('tags_by_tag').on('tags').columns(['tag', 'object_id']).execute();
    await table('quotas', 'keyed')
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('resource', text, (c) => c.notNull())
      .addColumn('limit', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('quotas_key', ['project_id', 'resource'])
      .execute();
    await createJournal(context);
  },
};
