import { type Migration, schemaTerms } from './dialect.ts';

/** Policies of quality of service, their rules, and the ports and networks that have them. */
export const qosTables: Migration = {
  name: '0010-qos',
  async up(context) {
    const { text, table } = schemaTerms(context);
    const { schema } = context.query;
    await table('qos_policies')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('project_id', text, (c) => c.notNull())
      .addColumn('name', text, (c) => c.notNull())
      .addColumn('description', text, (c) => c.notNull())
      .addColumn('is_default', 'integer', (c) => c.notNull())
      .addColumn('created_at', text, (c) => c.notNull())
      .addColumn('updated_at', text, (c) => c.notNull())
      .addColumn('revision_number', 'integer', (c) => c.notNull())
      .execute();
    await schema
      .createIndex('qos_policies_by_project')
      .on('qos_policies')
      .columns(['project_id', 'id'])
      .execute();
    await schema.createIndex('qos_policies_by_name').on('qos_policies').column('name').execute();
    await table('qos_rules')
      .addColumn('id', text, (c) => c.primaryKey())
      .addColumn('qos_policy_id', text, (c) => c.notNull().references('qos_policies.id').onDelete('cascade'))
      .addColumn('type', text, (c) => c.notNull())
      .addColumn('direction', text, (c) => c.notNull())
      .addColumn('max_kbps', 'integer')
      .addColumn('max_burst_kbps', 'integer')
      .addColumn('min_kbps', 'integer')
      .addColumn('dscp_mark', 'integer')
      .addUniqueConstraint('qos_rules_kind', ['qos_policy_id', 'type', 'direction'])
      .execute();
    for (const [name, column, target] of [
      ['qos_port_policies', 'port_id', 'ports.id'],
      ['qos_network_policies', 'network_id', 'networks.id'],
    ] as const) {
      await table(name, 'keyed')
        .addColumn(column, text, (c) => c.primaryKey().notNull().references(target).onDelete('cascade'))
        .addColumn('qos_policy_id', text, (c) => c.notNull().references('qos_policies.id'))
        .execute();
      await schema.createIndex(`${name}_by_policy`).on(name).column('qos_policy_id').execute();
    }
  },
};
