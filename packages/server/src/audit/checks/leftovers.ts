import { sql } from 'kysely';
import type { Reader } from '../../db/database.ts';
import type { Tables } from '../../db/tables.ts';
import { type Found, resource, type SqlCheck, sqlCheck } from '../check.ts';

type Table = keyof Tables & string;

/** A column that names a row of another table, where SQL itself does not see to it. */
interface Reference {
  readonly table: Table;
  /** Column that tells which row it is. */
  readonly key: string;
  readonly column: string;
  readonly to: Table;
  /** Only rows of this kind. */
  readonly when?: readonly [column: string, value: string];
}

const ref = (table: Table, key: string, column: string, to: Table, when?: Reference['when']): Reference => ({
  table,
  key,
  column,
  to,
  ...(when === undefined ? {} : { when }),
});

const shared = (kind: string, to: Table): Reference =>
  ref('rbac_entries', 'id', 'object_id', to, ['object_type', kind]);

const references: readonly Reference[] = [
  shared('network', 'networks'),
  shared('security_group', 'security_groups'),
  shared('address_group', 'address_groups'),
  shared('address_scope', 'address_scopes'),
  shared('subnetpool', 'subnetpools'),
  shared('qos_policy', 'qos_policies'),
  ref('ip_allocations', 'port_id', 'network_id', 'networks'),
  ref('ip_allocations', 'ip_address', 'port_id', 'ports'),
  ref('allowed_address_pairs', 'port_id', 'network_id', 'networks'),
  ref('port_binding_levels', 'port_id', 'segment_id', 'network_segments'),
  ref('security_group_rules', 'id', 'remote_address_group_id', 'address_groups'),
  ref('subnets', 'id', 'subnetpool_id', 'subnetpools'),
  ref('subnetpools', 'id', 'address_scope_id', 'address_scopes'),
  ref('routers', 'id', 'flavor_id', 'flavors'),
  ref('port_timelines', 'port_id', 'port_id', 'ports'),
  ref('external_port_hosts', 'network_id', 'network_id', 'networks'),
  ref('auto_allocated_topologies', 'project_id', 'network_id', 'networks'),
];

const dangling = async (
  { query }: Reader,
  { table, key, column, to, when }: Reference,
): Promise<readonly Found[]> => {
  const only = when === undefined ? sql`` : sql`and a.${sql.ref(when[0])} = ${when[1]}`;
  const { rows } = await sql<{ id: string; gone: string }>`
    select a.${sql.ref(key)} as id, a.${sql.ref(column)} as gone from ${sql.table(table)} a
    where a.${sql.ref(column)} is not null ${only}
      and not exists (select 1 from ${sql.table(to)} b where b.id = a.${sql.ref(column)})`.execute(query);
  return rows.map(({ id, gone }) => ({
    subject: resource(table, id),
    evidence: `${column} ${gone} is not in ${to}`,
  }));
};

export const rowWithoutOwner: SqlCheck = sqlCheck({
  id: 'row-without-owner',
  pillar: 664,
  cwe: 459,
  title: 'A row of SQL belongs to something that is gone',
  severity: 'medium',
  remedy:
    'Report it as a defect; somebody may have written to the database by hand, or a backup was restored in parts.',
  async examine({ reader }) {
    const found: Found[] = [];
    for (const reference of references) found.push(...(await dangling(reader, reference)));
    return found;
  },
});
