import { type Migration, schemaTerms } from './dialect.ts';

/** Which chassis carry the gateways of routers. */
export const gatewayScheduleTables: Migration = {
  name: '0006-gateway-schedules',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('gateway_schedules', 'keyed')
      .addColumn('router_id', text, (c) => c.notNull().references('routers.id').onDelete('cascade'))
      .addColumn('chassis_name', text, (c) => c.notNull())
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addPrimaryKeyConstraint('gateway_schedules_key', ['router_id', 'chassis_name'])
      .execute();
    await context.query.schema
      .createIndex('gateway_schedules_by_chassis')
      .on('gateway_schedules')
      .columns(['chassis_name', 'priority'])
      .execute();
  },
};
