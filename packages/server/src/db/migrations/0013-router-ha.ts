import type { Migration } from './dialect.ts';

/** Routers that stay on one chassis. */
export const routerHaColumn: Migration = {
  name: '0013-router-ha',
  async up({ query }) {
    await query.schema
      .alterTable('routers')
      .addColumn('ha', 'integer', (c) => c.notNull().defaultTo(1))
      .execute();
  },
};
