import type { SecurityGroup, SecurityGroupRule } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { SecurityGroupsTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { grantedTo, sharedAmong, sharedFilter, targetsFor } from '../sharing.ts';
import { listsBy, tagsOf } from '../tags.ts';
import { assembleRules } from './rule-store.ts';

/** What a group has in other tables than `security_groups`. */
export interface GroupParts {
  readonly rules: readonly SecurityGroupRule[];
  readonly shared: boolean;
  readonly tags: readonly string[];
}

/** A row and its parts → the resource. */
export const groupOf = (row: SecurityGroupsTable, parts: GroupParts): SecurityGroup => ({
  id: row.id,
  project_id: row.project_id,
  name: row.name,
  description: row.description,
  stateful: row.stateful === 1,
  shared: parts.shared,
  // Nested resources are shown as they are: under both names of the project.
  security_group_rules: parts.rules.map((rule) => ({ ...rule, tenant_id: rule.project_id })),
  created_at: row.created_at,
  updated_at: row.updated_at,
  revision_number: row.revision_number,
  tags: parts.tags,
});

const rulesOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SecurityGroupRule[]>> => {
  const rows = await reader.query
    .selectFrom('security_group_rules')
    .selectAll()
    .where('security_group_id', 'in', eachOf(ids))
    .orderBy('id')
    .execute();
  return listsBy(await assembleRules(reader, rows), (rule) => [rule.security_group_id, rule]);
};

/** Rows → resources, in order. At most four queries, whatever the number of rows. */
export const assembleGroups = async (
  reader: Reader,
  rows: readonly SecurityGroupsTable[],
  wanted?: ReadonlySet<string>,
  viewer?: RequestContext,
): Promise<readonly SecurityGroup[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const rules = wants('security_group_rules') ? await rulesOf(reader, ids) : undefined;
  const shared = wants('shared')
    ? await sharedAmong(reader, 'security_group', ids, viewer?.projectId)
    : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    groupOf(row, {
      rules: rules?.get(row.id) ?? [],
      shared: shared?.has(row.id) ?? false,
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** Groups anew, by id; ids without a group are left out. */
export const loadGroups = async (
  reader: Reader,
  ids: readonly string[],
): Promise<readonly SecurityGroup[]> => {
  const rows = await reader.query
    .selectFrom('security_groups')
    .selectAll()
    .where('id', 'in', eachOf(ids))
    .execute();
  return assembleGroups(reader, rows);
};

export const securityGroupStore: ResourceStore<SecurityGroup> = {
  table: 'security_groups',
  columns: { ...standardColumns, ...plainColumns(['name']), stateful: flag('stateful') },
  filters: { shared: sharedFilter('security_group', 'security_groups') },
  visibleTo: (context) => grantedTo('security_group', 'security_groups', targetsFor(context.projectId)),
  // The rows were read from `security_groups`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assembleGroups(reader, rows as readonly unknown[] as readonly SecurityGroupsTable[], wanted, viewer),
};
