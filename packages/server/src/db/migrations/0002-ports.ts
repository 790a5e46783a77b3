import { sql } from 'kysely';
import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createPorts = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('ports')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('network_id', text, (c) => c.notNull().references('networks.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('mac_address', text, (c) => c.notNull())
    .addColumn('admin_state_up', 'integer', (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('device_id', text, (c) => c.notNull())
    .addColumn('device_owner', text, (c) => c.notNull())
    .addColumn('port_security_enabled', 'integer', (c) => c.notNull())
    .addColumn('extra_dhcp_opts', text, (c) => c.notNull())
    .addColumn('ip_allocation', text, (c) => c.notNull())
    .addColumn('dns_name', text, (c) => c.notNull())
    .addColumn('dns_domain', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .addUniqueConstraint('ports_mac', ['mac_address', 'network_id'])
    .execute();
  const { schema } = context.query;
  await schema.createIndex('ports_by_project').on('ports').columns(['project_id', 'id']).execute();
  await schema.createIndex('ports_by_device').on('ports').column('device_id').execute();
  await schema.createIndex('ports_by_owner').on('ports').columns(['network_id', 'device_owner']).execute();
  await schema.createIndex('ports_by_name').on('ports').column('name').execute();
};

const createAddresses = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('ip_allocations', 'keyed')
    .addColumn('port_id', text, (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('network_id', text, (c) => c.notNull())
    .addColumn('subnet_id', text, (c) => c.notNull().references('subnets.id'))
    .addColumn('ip_address', text, (c) => c.notNull())
    .addColumn('ip_sort', text, (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('ip_allocations_key', ['subnet_id', 'ip_sort'])
    .execute();
  await schema
    .createIndex('ip_allocations_by_port')
    .on('ip_allocations')
    .columns(['port_id', 'position'])
    .execute();
  await schema
    .createIndex('ip_allocations_by_address')
    .on('ip_allocations')
    .columns(['ip_address', 'network_id'])
    .execute();
  await table('allowed_address_pairs', 'keyed')
    .addColumn('port_id', text, (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('network_id', text, (c) => c.notNull())
    .addColumn('mac_address', text, (c) => c.notNull())
    .addColumn('ip_address', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('allowed_address_pairs_key', ['port_id', 'mac_address', 'ip_address'])
    .execute();
  await schema
    .createIndex('allowed_address_pairs_by_address')
    .on('allowed_address_pairs')
    .columns(['network_id', 'ip_address'])
    .execute();
};

const createBindings = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('port_bindings', 'keyed')
    .addColumn('port_id', text, (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('vnic_type', text, (c) => c.notNull())
    .addColumn('profile', text, (c) => c.notNull())
    .addColumn('vif_type', text, (c) => c.notNull())
    .addColumn('vif_details', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('port_bindings_key', ['port_id', 'host'])
    .execute();
  await schema.createIndex('port_bindings_by_host').on('port_bindings').column('host').execute();
  await schema
    .createIndex('port_bindings_one_active')
    .unique()
    .on('port_bindings')
    .column('port_id')
    .where(sql.ref('status'), '=', 'ACTIVE')
    .execute();
  await table('port_binding_levels', 'keyed')
    .addColumn('port_id', text, (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('host', text, (c) => c.notNull())
    .addColumn('level', 'integer', (c) => c.notNull())
    .addColumn('driver', text, (c) => c.notNull())
    .addColumn('segment_id', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('port_binding_levels_key', ['port_id', 'host', 'level'])
    .execute();
  await schema
    .createIndex('port_binding_levels_by_segment')
    .on('port_binding_levels')
    .column('segment_id')
    .execute();
};

/** Ports, their addresses and bindings. */
export const portTables: Migration = {
  name: '0002-ports',
  async up(context) {
    await createPorts(context);
    await createAddresses(context);
    await createBindings(context);
  },
};
