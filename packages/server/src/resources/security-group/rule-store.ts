import type { SecurityGroupRule } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { SecurityGroupRulesTable } from '../../db/tables.ts';
import type { Condition, ResourceStore } from '../../engine/contract.ts';
import { plainColumns, standardColumns } from '../columns.ts';

/** A row → the resource. */
export const ruleOf = (row: SecurityGroupRulesTable, belongsToDefault: boolean): SecurityGroupRule => ({
  id: row.id,
  project_id: row.project_id,
  security_group_id: row.security_group_id,
  // Only what the definition's own types accepted was stored.
  direction: row.direction as SecurityGroupRule['direction'],
  ethertype: row.ethertype as SecurityGroupRule['ethertype'],
  protocol: row.protocol,
  port_range_min: row.port_range_min,
  port_range_max: row.port_range_max,
  remote_ip_prefix: row.remote_ip_prefix,
  remote_group_id: row.remote_group_id,
  remote_address_group_id: row.remote_address_group_id,
  normalized_cidr: row.normalized_cidr,
  belongs_to_default_sg: belongsToDefault,
  description: row.description,
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
});

/** Those of `groups` that are the default group of their project. */
export const defaultGroupsAmong = async (
  reader: Reader,
  groups: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await reader.query
    .selectFrom('default_security_groups')
    .select('security_group_id')
    .where('security_group_id', 'in', eachOf(groups))
    .execute();
  return new Set(rows.map((row) => row.security_group_id));
};

/** Rows → resources, in order; at most one query. */
export const assembleRules = async (
  reader: Reader,
  rows: readonly SecurityGroupRulesTable[],
  wanted?: ReadonlySet<string>,
): Promise<readonly SecurityGroupRule[]> => {
  const asked = rows.length > 0 && (wanted === undefined || wanted.has('belongs_to_default_sg'));
  const groups = [...new Set(rows.map((row) => row.security_group_id))];
  const defaults = asked ? await defaultGroupsAmong(reader, groups) : new Set<string>();
  return rows.map((row) => ruleOf(row, defaults.has(row.security_group_id)));
};

const inDefaultGroup: Condition = (eb) =>
  eb.exists(
    eb
      .selectFrom('default_security_groups')
      .select('default_security_groups.project_id')
      .whereRef('default_security_groups.security_group_id', '=', 'security_group_rules.security_group_id'),
  );

/** `true` and `false` together ask for everything. */
const defaultGroupFilter = (values: readonly unknown[]): Condition => {
  const yes = values.includes(true);
  if (yes && values.includes(false)) return (eb) => eb('security_group_rules.id', 'is not', null);
  return yes ? inDefaultGroup : (eb) => eb.not(inDefaultGroup(eb));
};

export const securityGroupRuleStore: ResourceStore<SecurityGroupRule> = {
  table: 'security_group_rules',
  columns: {
    ...standardColumns,
    ...plainColumns([
      'security_group_id',
      'direction',
      'ethertype',
      'protocol',
      'port_range_min',
      'port_range_max',
      'remote_ip_prefix',
      'remote_group_id',
      'remote_address_group_id',
      'normalized_cidr',
    ]),
  },
  filters: { belongs_to_default_sg: defaultGroupFilter },
  // The owner of a group sees all its rules, also those that an administrator made there.
  visibleTo: (context) => (eb) =>
    eb(
      'security_group_rules.security_group_id',
      'in',
      eb
        .selectFrom('security_groups')
        .select('security_groups.id')
        .where('security_groups.project_id', '=', context.projectId),
    ),
  // The rows were read from `security_group_rules`, all columns.
  assemble: (reader, rows, wanted) =>
    assembleRules(reader, rows as readonly unknown[] as readonly SecurityGroupRulesTable[], wanted),
};
