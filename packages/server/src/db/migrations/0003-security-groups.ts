import { type Migration, type MigrationContext, schemaTerms } from './dialect.ts';

const createGroups = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('security_groups')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('stateful', 'integer', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  await schema
    .createIndex('security_groups_by_project')
    .on('security_groups')
    .columns(['project_id', 'id'])
    .execute();
  await schema.createIndex('security_groups_by_name').on('security_groups').column('name').execute();
  await table('default_security_groups', 'keyed')
    .addColumn('project_id', text, (c) => c.primaryKey().notNull())
    .addColumn('security_group_id', text, (c) =>
      c.notNull().references('security_groups.id').onDelete('cascade'),
    )
    .execute();
  await schema
    .createIndex('default_security_groups_by_group')
    .on('default_security_groups')
    .column('security_group_id')
    .execute();
  await table('port_security_groups', 'keyed')
    .addColumn('port_id', text, (c) => c.notNull().references('ports.id').onDelete('cascade'))
    .addColumn('security_group_id', text, (c) => c.notNull().references('security_groups.id'))
    .addPrimaryKeyConstraint('port_security_groups_key', ['port_id', 'security_group_id'])
    .execute();
  await schema
    .createIndex('port_security_groups_by_group')
    .on('port_security_groups')
    .columns(['security_group_id', 'port_id'])
    .execute();
};

const createRules = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  const { schema } = context.query;
  await table('security_group_rules')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('project_id', text, (c) => c.notNull())
    .addColumn('security_group_id', text, (c) =>
      c.notNull().references('security_groups.id').onDelete('cascade'),
    )
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('direction', text, (c) => c.notNull())
    .addColumn('ethertype', text, (c) => c.notNull())
    .addColumn('protocol', text)
    .addColumn('port_range_min', 'integer')
    .addColumn('port_range_max', 'integer')
    .addColumn('remote_group_id', text, (c) => c.references('security_groups.id').onDelete('cascade'))
    .addColumn('remote_address_group_id', text)
    .addColumn('remote_ip_prefix', text)
    .addColumn('normalized_cidr', text)
    .addColumn('fingerprint', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .addUniqueConstraint('security_group_rules_fingerprint', ['security_group_id', 'fingerprint'])
    .execute();
  await schema
    .createIndex('security_group_rules_by_project')
    .on('security_group_rules')
    .columns(['project_id', 'id'])
    .execute();
  await schema
    .createIndex('security_group_rules_by_remote')
    .on('security_group_rules')
    .column('remote_group_id')
    .execute();
};

const createTemplates = async (context: MigrationContext): Promise<void> => {
  const { text, table } = schemaTerms(context);
  await table('default_security_group_rules')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('description', text, (c) => c.notNull())
    .addColumn('direction', text, (c) => c.notNull())
    .addColumn('ethertype', text, (c) => c.notNull())
    .addColumn('protocol', text)
    .addColumn('port_range_min', 'integer')
    .addColumn('port_range_max', 'integer')
    .addColumn('remote_group_id', text)
    .addColumn('remote_address_group_id', text)
    .addColumn('remote_ip_prefix', text)
    .addColumn('used_in_default_sg', 'integer', (c) => c.notNull())
    .addColumn('used_in_non_default_sg', 'integer', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('revision_number', 'integer', (c) => c.notNull())
    .execute();
  const any = {
    description: '',
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_address_group_id: null,
    remote_ip_prefix: null,
    used_in_default_sg: 1,
    created_at: context.now,
    updated_at: context.now,
    revision_number: 0,
  } as const;
  const egress = { ...any, direction: 'egress', remote_group_id: null, used_in_non_default_sg: 1 } as const;
  const ingress = {
    ...any,
    direction: 'ingress',
    remote_group_id: 'PARENT',
    used_in_non_default_sg: 0,
  } as const;
  await context.query
    .insertInto('default_security_group_rules')
    .values([
      { ...egress, id: 'b1a6e0a3-6a55-4c7e-9d0e-0d7a5a6f1c01', ethertype: 'IPv4' },
      { ...egress, id: 'b1a6e0a3-6a55-4c7e-9d0e-0d7a5a6f1c02', ethertype: 'IPv6' },
      { ...ingress, id: 'b1a6e0a3-6a55-4c7e-9d0e-0d7a5a6f1c03', ethertype: 'IPv4' },
      { ...ingress, id: 'b1a6e0a3-6a55-4c7e-9d0e-0d7a5a6f1c04', ethertype: 'IPv6' },
    ])
    .execute();
};

/** Security groups, their rules, who uses them, and the templates that new groups start from. */
export const securityGroupTables: Migration = {
  name: '0003-security-groups',
  async up(context) {
    await createGroups(context);
    await createRules(context);
    await createTemplates(context);
  },
};
