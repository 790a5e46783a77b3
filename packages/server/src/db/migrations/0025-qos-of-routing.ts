import { type Migration, schemaTerms } from './dialect.ts';

/** Policies of floating IPs and of gateways. */
export const qosOfRouting: Migration = {
  name: '0025-qos-of-routing',
  async up(context) {
    const { schema } = context.query;
    const { text } = schemaTerms(context);
    for (const table of ['floating_ips', 'router_ports']) {
      await schema
        .alterTable(table)
        .addColumn('qos_policy_id', text, (c) => c.references('qos_policies.id'))
        .execute();
      await schema.createIndex(`${table}_by_policy`).on(table).column('qos_policy_id').execute();
    }
  },
};
