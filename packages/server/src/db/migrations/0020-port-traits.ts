import { type Migration, schemaTerms } from './dialect.ts';

/** What a port is to others than this service: kept, shown, and never searched. */
export const portTraits: Migration = {
  name: '0020-port-traits',
  async up(context) {
    const { text } = schemaTerms(context);
    await context.query.schema
      .alterTable('ports')
      .addColumn('traits', text, (c) => c.notNull().defaultTo('{}'))
      .execute();
  },
};
