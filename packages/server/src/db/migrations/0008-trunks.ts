import { type Migration, schemaTerms } from './dialect.ts';

/** Trunks and the ports that they carry. A port is in one trunk at most. */
export const trunkTables: Migration = {
  name: '0008-trunks',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    await table('trunks')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('admin_state_up', 'integer', (c) => c.notNull())
      .addColumn('port_id', text, (c) => c.notNull().unique().references('ports.id'))
      .addColumn('status', text, (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('revision_number', 'integer', (c) => c.notNull())
      .execute();
    await schema.createIndex('trunks_by_project').on('trunks').columns(['project_id', 'id']).execute();
    await schema.createIndex('trunks_by_name').on('trunks').column('name').execute();
    await table('trunk_sub_ports', 'keyed')
      .addColumn('port_id', text, (c) => c.primaryKey().notNull().references('ports.id'))
      .addColumn('trunk_id', text, (c) => c.notNull().references('trunks.id').onDelete('cascade'))
      .addColumn('segmentation_type', text, (c) => c.notNull())
      .addColumn('segmentation_id', 'integer', (c) => c.notNull())
      .addUniqueConstraint('trunk_sub_ports_tag', ['trunk_id', 'segmentation_type', 'segmentation_id'])
      .execute();
  },
};
