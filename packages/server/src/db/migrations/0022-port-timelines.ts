import { type Migration, schemaTerms } from './dialect.ts';

export const portTimelineTables: Migration = {
  name: '0022-port-timelines',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('port_timelines')
      .addColumn('port_id', text, (c) => c.primaryKey().references('ports.id').onDelete('cascade'))
      .addColumn('stages', text, (c) => c.notNull())
      .execute();
  },
};
