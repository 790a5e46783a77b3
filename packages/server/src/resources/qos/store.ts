import type { QosDirection, QosPolicy, QosRule, QosRuleType } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { QosPoliciesTable, QosRulesTable } from '../../db/qos-tables.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { grantedTo, sharedAmong, sharedFilter, targetsFor } from '../sharing.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** A row → the rule, with the values of its type. */
export const ruleOf = (row: QosRulesTable): QosRule => ({
  id: row.id,
  qos_policy_id: row.qos_policy_id,
  // Only types and directions of the API's own lists are written.
  type: row.type as QosRuleType,
  ...(row.direction === '' ? {} : { direction: row.direction as QosDirection | 'any' }),
  ...(row.max_kbps === null ? {} : { max_kbps: row.max_kbps }),
  ...(row.max_burst_kbps === null ? {} : { max_burst_kbps: row.max_burst_kbps }),
  ...(row.min_kbps === null ? {} : { min_kbps: row.min_kbps }),
  ...(row.dscp_mark === null ? {} : { dscp_mark: row.dscp_mark }),
  ...(row.max_kpps === null ? {} : { max_kpps: row.max_kpps }),
  ...(row.max_burst_kpps === null ? {} : { max_burst_kpps: row.max_burst_kpps }),
  ...(row.min_kpps === null ? {} : { min_kpps: row.min_kpps }),
});

/** What a policy has in other tables than `qos_policies`. */
export interface PolicyParts {
  readonly rules: readonly QosRule[];
  readonly shared: boolean;
  readonly tags: readonly string[];
}

/** A row and its parts → the resource. */
export const policyOf = (row: QosPoliciesTable, parts: PolicyParts): QosPolicy => ({
  ...row,
  is_default: row.is_default === 1,
  ...parts,
});

const rulesOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly QosRule[]>> => {
  const rows = await reader.query
    .selectFrom('qos_rules')
    .selectAll()
    .where('qos_policy_id', 'in', eachOf(ids))
    .orderBy('type')
    .orderBy('direction')
    .execute();
  return listsBy(rows, (row) => [row.qos_policy_id, ruleOf(row)]);
};

/** Rules of one policy. */
export const rulesOfPolicy = async (reader: Reader, policyId: string): Promise<readonly QosRule[]> =>
  (await rulesOf(reader, [policyId])).get(policyId) ?? [];

const assemble = async (
  reader: Reader,
  rows: readonly QosPoliciesTable[],
  wanted?: ReadonlySet<string>,
  viewer?: RequestContext,
): Promise<readonly QosPolicy[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const rules = wants('rules') ? await rulesOf(reader, ids) : undefined;
  const shared = wants('shared')
    ? await sharedAmong(reader, 'qos_policy', ids, viewer?.projectId)
    : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) =>
    policyOf(row, {
      rules: rules?.get(row.id) ?? [],
      shared: shared?.has(row.id) ?? false,
      tags: tags?.get(row.id) ?? [],
    }),
  );
};

/** A policy anew. */
export const loadPolicy = async (reader: Reader, id: string): Promise<QosPolicy> => {
  const rows = await reader.query.selectFrom('qos_policies').selectAll().where('id', '=', id).execute();
  const [policy] = await assemble(reader, rows);
  if (policy === undefined) throw new Error(`QoS policy ${id} vanished within its own transaction`);
  return policy;
};

export const qosPolicyStore: ResourceStore<QosPolicy> = {
  table: 'qos_policies',
  anyMarker: true,
  columns: { ...standardColumns, ...plainColumns(['name']), is_default: flag('is_default') },
  filters: { shared: sharedFilter('qos_policy', 'qos_policies') },
  visibleTo: (context) => grantedTo('qos_policy', 'qos_policies', targetsFor(context.projectId)),
  // The rows were read from `qos_policies`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assemble(reader, rows as readonly unknown[] as readonly QosPoliciesTable[], wanted, viewer),
};
