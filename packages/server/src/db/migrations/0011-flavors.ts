import { type Migration, schemaTerms } from './dialect.ts';

/** Flavors of services and the profiles that they are bound to. */
export const flavorTables: Migration = {
  name: '0011-flavors',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    await table('flavors')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('service_type', text, (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .execute();
    await table('service_profiles')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('driver', text, (c) => c.notNull())
      .addColumn('metainfo', text, (c) => c.notNull())
      .addColumn('enabled', 'integer', (c) => c.notNull())
      .execute();
    await table('flavor_service_profiles', 'keyed')
      .addColumn('flavor_id', text, (c) => c.notNull().references('flavors.id').onDelete('cascade'))
      .addColumn('service_profile_id', text, (c) => c.notNull().references('service_profiles.id'))
      .addColumn('position', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('flavor_service_profiles_key', ['flavor_id', 'service_profile_id'])
      .execute();
    await schema
      .createIndex('flavor_service_profiles_by_profile')
      .on('flavor_service_profiles')
      .column('service_profile_id')
      .execute();
    await schema.createIndex('routers_by_flavor').on('routers').column('flavor_id').execute();
  },
};
