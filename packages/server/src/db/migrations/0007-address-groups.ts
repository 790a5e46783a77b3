import { type Migration, schemaTerms } from './dialect.ts';

/** Address groups, and the way from one to the rules that name it. */
export const addressGroupTables: Migration = {
  name: '0007-address-groups',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    await table('address_groups')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('revision_number', 'integer', (c) => c.notNull())
      .execute();
    await schema
      .createIndex('address_groups_by_project')
      .on('address_groups')
      .columns(['project_id', 'id'])
      .execute();
    await schema.createIndex('address_groups_by_name').on('address_groups').column('name').execute();
    await table('address_group_addresses', 'keyed')
      .addColumn('address_group_id', text, (c) =>
        c.notNull().references('address_groups.id').onDelete('cascade'),
      )
      .addColumn('address', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('address_group_addresses_key', ['address_group_id', 'address'])
      .execute();
    await schema
      .createIndex('security_group_rules_by_address_group')
      .on('security_group_rules')
      .column('remote_address_group_id')
      .execute();
  },
};
