import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createScopes = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('address_scopes')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('ip_version', 'integer', (c) => c.notNull())
    .execute();
  await context.query.schema
    .createIndex('address_scopes_by_project')
    .on('address_scopes')
    .columns(['project_id', 'id'])
    .execute();
};

const createPools = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('subnetpools')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('ip_version', 'integer', (c) => c.notNull())
    .addColumn('prefixes', text, (c) => c.notNull())
    .addColumn('default_quota', 'integer')
    .addColumn('default_prefixlen', 'integer', (c) => c.notNull())
    .addColumn('min_prefixlen', 'integer', (c) => c.notNull())
    .addColumn('max_prefixlen', 'integer', (c) => c.notNull())
    .addColumn('is_default', 'integer', (c) => c.notNull())
    .addColumn('address_scope_id', text, (c) => c.references('address_scopes.id'))
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  const { schema } = context.query;
  await schema
    .createIndex('subnetpools_by_project')
    .on('subnetpools')
    .columns(['project_id', 'id'])
    .execute();
  await schema.createIndex('subnetpools_by_name').on('subnetpools').column('name').execute();
  await schema.createIndex('subnetpools_by_scope').on('subnetpools').column('address_scope_id').execute();
};

/** Subnet pools and the scopes that keep them apart. */
export const subnetpoolTables: Migration = {
  name: '0009-subnetpools',
  async up(context) {
    await createScopes(context);
    await createPools(context);
  },
};
