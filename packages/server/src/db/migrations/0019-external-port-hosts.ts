import { sql } from 'kysely';
import { type Migration, schemaTerms } from './dialect.ts';

/** Which chassis answer for ports whose packets bypass the virtual switch of their host. */
export const externalPortHostTables: Migration = {
  name: '0019-external-port-hosts',
  async up(context) {
    const { text, table } = schemaTerms(context);
    await table('external_port_hosts', 'keyed')
      .addColumn('network_id', text, (c) => c.notNull().references('networks.id').onDelete('cascade'))
      .addColumn('port_id', text, (c) => c.notNull())
      .addColumn('chassis_name', text, (c) => c.notNull())
      .addColumn('priority', 'integer', (c) => c.notNull())
      .addColumn('router_id', text, (c) => c.notNull())
      .addPrimaryKeyConstraint('external_port_hosts_key', ['network_id', 'port_id', 'chassis_name'])
      .execute();
    // Few ports are not normal, and they are looked for whenever a chassis changes.
    await context.query.schema
      .createIndex('port_bindings_special')
      .on('port_bindings')
      .column('port_id')
      .where(sql.ref('vnic_type'), '<>', sql.lit('normal'))
      .execute();
  },
};
