import {
  type CreateOf,
  type DefaultSecurityGroupRule,
  DefaultSecurityGroupRuleExists,
  DuplicateDefaultSgRuleInPost,
  defaultSecurityGroupRule,
  SecurityGroupNotFound,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { DefaultSecurityGroupRulesTable } from '../../db/tables.ts';
import type { ResourceStore, StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { requireAddressGroups } from '../address-group/require.ts';
import { flag, flagOf, plainColumns } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { PARENT } from './create-groups.ts';
import { fingerprintOf, storedMatch } from './rule-match.ts';

type Body = CreateOf<typeof defaultSecurityGroupRule>;

const templateOf = (row: DefaultSecurityGroupRulesTable): DefaultSecurityGroupRule => ({
  id: row.id,
  description: row.description,
  // Only what the definition's own types accepted was stored.
  direction: row.direction as DefaultSecurityGroupRule['direction'],
  ethertype: row.ethertype as DefaultSecurityGroupRule['ethertype'],
  protocol: row.protocol,
  port_range_min: row.port_range_min,
  port_range_max: row.port_range_max,
  remote_ip_prefix: row.remote_ip_prefix,
  remote_group_id: row.remote_group_id,
  remote_address_group_id: row.remote_address_group_id,
  used_in_default_sg: row.used_in_default_sg === 1,
  used_in_non_default_sg: row.used_in_non_default_sg === 1,
});

const store: ResourceStore<DefaultSecurityGroupRule> = {
  table: 'default_security_group_rules',
  columns: {
    ...plainColumns([
      'id',
      'description',
      'direction',
      'ethertype',
      'protocol',
      'port_range_min',
      'port_range_max',
      'remote_ip_prefix',
      'remote_group_id',
      'remote_address_group_id',
    ]),
    used_in_default_sg: flag('used_in_default_sg'),
    used_in_non_default_sg: flag('used_in_non_default_sg'),
  },
  filters: {},
  everybody: true,
  // The rows were read from `default_security_group_rules`, all columns.
  assemble: async (_reader, rows) =>
    (rows as readonly unknown[] as readonly DefaultSecurityGroupRulesTable[]).map(templateOf),
};

const draft = (body: Body, id: string, now: string): DefaultSecurityGroupRulesTable => {
  const match = storedMatch(body);
  return {
    id,
    description: match.description ?? '',
    direction: match.direction,
    ethertype: match.ethertype,
    protocol: match.protocol,
    port_range_min: match.port_range_min,
    port_range_max: match.port_range_max,
    remote_group_id: match.remote_group_id,
    remote_address_group_id: match.remote_address_group_id,
    remote_ip_prefix: match.remote_ip_prefix,
    used_in_default_sg: flagOf(body.used_in_default_sg),
    used_in_non_default_sg: flagOf(body.used_in_non_default_sg),
    created_at: now,
    updated_at: now,
    revision_number: 0,
  };
};

/** Two templates are the same when some group would get the same rule from both, or from neither. */
const isSame = (a: DefaultSecurityGroupRulesTable, b: DefaultSecurityGroupRulesTable): boolean => {
  if (fingerprintOf(a) !== fingerprintOf(b)) return false;
  const inDefault = a.used_in_default_sg === b.used_in_default_sg;
  const inOthers = a.used_in_non_default_sg === b.used_in_non_default_sg;
  const both =
    (a.used_in_default_sg & b.used_in_default_sg) | (a.used_in_non_default_sg & b.used_in_non_default_sg);
  return both === 1 || (inDefault && inOthers);
};

const checkRemotes = async (
  tx: Transaction,
  drafts: readonly DefaultSecurityGroupRulesTable[],
): Promise<void> => {
  const ids = drafts.flatMap((each) => each.remote_group_id ?? []).filter((id) => id !== PARENT);
  if (ids.length === 0) return;
  const found = await tx.query
    .selectFrom('security_groups')
    .select('id')
    .where('id', 'in', eachOf(ids))
    .execute();
  const known = new Set(found.map((row) => row.id));
  for (const id of ids) if (!known.has(id)) throw SecurityGroupNotFound({ id });
};

const checkAddressGroups = (
  step: WriteStep,
  drafts: readonly DefaultSecurityGroupRulesTable[],
): Promise<void> =>
  requireAddressGroups(
    step,
    drafts.flatMap((each) => each.remote_address_group_id ?? []),
    step.context.projectId,
  );

/** Templates that the rules of new groups are made from. Groups that exist keep the rules they have. */
export const createDefaultRuleBehaviour = (ids: Ids): StoredBehaviour<typeof defaultSecurityGroupRule> => ({
  kind: 'stored',
  definition: defaultSecurityGroupRule,
  store,
  async create(step, bodies) {
    const { tx } = step;
    const drafts = bodies.map((body) => draft(body, ids.uuid(), tx.now));
    await checkRemotes(tx, drafts);
    await checkAddressGroups(step, drafts);
    const existing = await tx.query.selectFrom('default_security_group_rules').selectAll().execute();
    for (const [index, each] of drafts.entries()) {
      if (drafts.slice(0, index).some((earlier) => isSame(earlier, each)))
        throw DuplicateDefaultSgRuleInPost();
      const same = existing.find((row) => isSame(row, each));
      if (same !== undefined) throw DefaultSecurityGroupRuleExists({ ruleId: same.id });
    }
    await insertRows(tx, 'default_security_group_rules', drafts);
    return drafts.map(templateOf);
  },
  async delete({ tx }, template) {
    await tx.query.deleteFrom('default_security_group_rules').where('id', '=', template.id).execute();
  },
});
