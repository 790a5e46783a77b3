import { type Migration, schemaTerms } from './dialect.ts';

/** Ranges of segmentation ids. */
export const networkSegmentRangeTables: Migration = {
  name: '0015-network-segment-ranges',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('network_segment_ranges')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text)
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('is_default', 'integer', (c) => c.notNull())
      .addColumn('shared', 'integer', (c) => c.notNull())
      .addColumn('network_type', text, (c) => c.notNull())
      .addColumn('physical_network', text, (c) => c.notNull())
      .addColumn('minimum', 'integer', (c) => c.notNull())
      .addColumn('maximum', 'integer', (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('revision_number', 'integer', (c) => c.notNull())
      .execute();
    await context.query.schema
      .createIndex('network_segment_ranges_by_type')
      .on('network_segment_ranges')
      .columns(['network_type', 'physical_network', 'minimum'])
      .execute();
  },
};
