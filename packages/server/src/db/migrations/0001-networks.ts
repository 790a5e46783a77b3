import { sql } from 'kysely';
import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createNetworks = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('networks')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('admin_state_up', 'integer', (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('mtu', 'integer', (c) => c.notNull())
    .addColumn('port_security_enabled', 'integer', (c) => c.notNull())
    .addColumn('external', 'integer', (c) => c.notNull())
    .addColumn('is_default', 'integer', (c) => c.notNull())
    .addColumn('vlan_transparent', 'integer')
    .addColumn('availability_zone_hints', text, (c) => c.notNull())
    .addColumn('dns_domain', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  const { schema } = context.query;
  await schema.createIndex('networks_by_project').on('networks').columns(['project_id', 'id']).execute();
  await schema.createIndex('networks_by_name').on('networks').column('name').execute();
  await schema
    .createIndex('networks_external')
    .on('networks')
    .column('id')
    .where(sql.ref('external'), '=', 1)
    .execute();
};

const createSegments = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('network_segments')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('network_id', text, (c) => c.notNull().references('networks.id').onDelete('cascade'))
    .addColumn('network_type', text, (c) => c.notNull())
    .addColumn('physical_network', text)
    .addColumn('segmentation_id', 'integer')
    .addColumn('segment_index', 'integer', (c) => c.notNull())
    .addColumn('is_dynamic', 'integer', (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .execute();
  const { schema } = context.query;
  await schema
    .createIndex('network_segments_by_network')
    .on('network_segments')
    .columns(['network_id', 'segment_index'])
    .execute();
  await schema
    .createIndex('network_segments_by_value')
    .on('network_segments')
    .columns(['network_type', 'physical_network', 'segmentation_id'])
    .execute();
  await table('segment_allocations', 'keyed')
    .addColumn('network_type', text, (c) => c.notNull())
    .addColumn('physical_network', text, (c) => c.notNull())
    .addColumn('segmentation_id', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('segment_allocations_key', [
      'network_type',
      'physical_network',
      'segmentation_id',
    ])
    .execute();
};

const createSubnets = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('subnets')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('network_id', text, (c) => c.notNull().references('networks.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('ip_version', 'integer', (c) => c.notNull())
    .addColumn('cidr', text, (c) => c.notNull())
    .addColumn('gateway_ip', text)
    .addColumn('enable_dhcp', 'integer', (c) => c.notNull())
    .addColumn('ipv6_ra_mode', text)
    .addColumn('ipv6_address_mode', text)
    .addColumn('subnetpool_id', text)
    .addColumn('segment_id', text, (c) => c.references('network_segments.id'))
    .addColumn('allocation_pools', text, (c) => c.notNull())
    .addColumn('dns_nameservers', text, (c) => c.notNull())
    .addColumn('host_routes', text, (c) => c.notNull())
    .addColumn('service_types', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  const { schema } = context.query;
  await schema.createIndex('subnets_by_network').on('subnets').columns(['network_id', 'id']).execute();
  await schema.createIndex('subnets_by_project').on('subnets').columns(['project_id', 'id']).execute();
  await schema.createIndex('subnets_by_name').on('subnets').column('name').execute();
  await schema.createIndex('subnets_by_cidr').on('subnets').column('cidr').execute();
  await schema.createIndex('subnets_by_segment').on('subnets').column('segment_id').execute();
  await schema.createIndex('subnets_by_pool').on('subnets').column('subnetpool_id').execute();
};

/** Networks, their segments, and subnets. */
export const networkTables: Migration = {
  name: '0001-networks',
  async up(context) {
    await createNetworks(context);
    await createSegments(context);
    await createSubnets(context);
  },
};
