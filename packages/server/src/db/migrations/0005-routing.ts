import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createRouters = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('routers')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('admin_state_up', 'integer', (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('enable_snat', 'integer', (c) => c.notNull())
    .addColumn('enable_default_route_bfd', 'integer', (c) => c.notNull())
    .addColumn('enable_default_route_ecmp', 'integer', (c) => c.notNull())
    .addColumn('availability_zone_hints', text, (c) => c.notNull())
    .addColumn('flavor_id', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  await schema.createIndex('routers_by_project').on('routers').columns(['project_id', 'id']).execute();
  await schema.createIndex('routers_by_name').on('routers').column('name').execute();
  await table('router_routes', 'keyed')
    .addColumn('router_id', text, (c) => c.notNull().references('routers.id').onDelete('cascade'))
    .addColumn('destination', text, (c) => c.notNull())
    .addColumn('nexthop', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('router_routes_key', ['router_id', 'destination', 'nexthop'])
    .execute();
  await table('router_ports', 'keyed')
    .addColumn('port_id', text, (c) => c.primaryKey().notNull().references('ports.id').onDelete('cascade'))
    .addColumn('router_id', text, (c) => c.notNull().references('routers.id'))
    .addColumn('port_type', text, (c) => c.notNull())
    .addColumn('position', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('router_ports_by_router')
    .on('router_ports')
    .columns(['router_id', 'port_type', 'position'])
    .execute();
};

const createFloatingIps = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('floating_ips')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('floating_network_id', text, (c) => c.notNull().references('networks.id'))
    .addColumn('floating_ip_address', text, (c) => c.notNull())
    .addColumn('floating_port_id', text, (c) => c.notNull().unique().references('ports.id'))
    .addColumn('fixed_port_id', text, (c) => c.references('ports.id'))
    .addColumn('fixed_ip_address', text)
    .addColumn('router_id', text, (c) => c.references('routers.id'))
    .addColumn('last_known_router_id', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .addUniqueConstraint('floating_ips_fixed', ['fixed_port_id', 'fixed_ip_address', 'floating_network_id'])
    .execute();
  await schema
    .createIndex('floating_ips_by_project')
    .on('floating_ips')
    .columns(['project_id', 'id'])
    .execute();
  await schema
    .createIndex('floating_ips_by_network')
    .on('floating_ips')
    .columns(['floating_network_id', 'floating_ip_address'])
    .execute();
  await schema.createIndex('floating_ips_by_router').on('floating_ips').column('router_id').execute();
};

const createPortForwardings = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('port_forwardings')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('floatingip_id', text, (c) => c.notNull().references('floating_ips.id').onDelete('cascade'))
    .addColumn('protocol', text, (c) => c.notNull())
    .addColumn('external_port_start', 'integer', (c) => c.notNull())
    .addColumn('external_port_end', 'integer', (c) => c.notNull())
    .addColumn('internal_port_id', text, (c) => c.notNull().references('ports.id'))
    .addColumn('internal_ip_address', text, (c) => c.notNull())
    .addColumn('internal_port_start', 'integer', (c) => c.notNull())
    .addColumn('internal_port_end', 'integer', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .addUniqueConstraint('port_forwardings_external', ['floatingip_id', 'protocol', 'external_port_start'])
    .execute();
  await schema
    .createIndex('port_forwardings_by_port')
    .on('port_forwardings')
    .column('internal_port_id')
    .execute();
};

/** Routers, their routes and ports, floating IPs and port forwardings. */
export const routingTables: Migration = {
  name: '0005-routing',
  async up(context) {
    await createRouters(context);
    await createFloatingIps(context);
    await createPortForwardings(context);
  },
};
