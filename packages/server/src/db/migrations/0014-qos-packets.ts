import { type Migration, schemaTerms } from './dialect.ts';

/** Values of rules about packet rates. */
export const qosPacketColumns: Migration = {
  name: '0014-qos-packets',
  async up(context) {
    const { integer } = schemaTerms(context);
    for (const column of ['max_kpps', 'max_burst_kpps', 'min_kpps'])
      await context.query.schema.alterTable('qos_rules').addColumn(column, integer).execute();
  },
};
