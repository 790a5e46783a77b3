import { type Migration, schemaTerms } from './dialect.ts';

/** Signs of life of the process that does what one of several does. */
export const dutiesTable: Migration = {
  name: '0026-duties',
  async up(context) {
    const { text, integer, table } = schemaTerms(context);
    await table('duties', 'keyed')
      .addColumn('name', text, (c) => c.primaryKey())
      .addColumn('beat', integer, (c) => c.notNull())
      .execute();
  },
};
