import {
  type CreateOf,
  DuplicateSecurityGroupRuleInPost,
  SecurityGroupNotFound,
  SecurityGroupNotSingleGroupRules,
  type SecurityGroupRule,
  SecurityGroupRuleExists,
  SecurityGroupRulesNotSingleProject,
  securityGroupRule,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import { RetryTransaction, type Transaction, UniqueViolation } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { SecurityGroupRulesTable } from '../../db/tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { requireAddressGroups } from '../address-group/require.ts';
import { insertRows } from '../insert.ts';
import { bumpGroups } from './remove-rules.ts';
import { draftRule } from './rule-draft.ts';
import { storedMatch } from './rule-match.ts';
import { assembleRules, securityGroupRuleStore } from './rule-store.ts';

type Body = CreateOf<typeof securityGroupRule>;

/** The one group and the one project that the rules of a request are for. */
const singlePlace = (
  bodies: readonly Body[],
  context: RequestContext,
): { groupId: string; projectId: string } | undefined => {
  const [first] = bodies;
  if (first === undefined) return undefined;
  if (bodies.some((body) => body.security_group_id !== first.security_group_id)) {
    throw SecurityGroupNotSingleGroupRules();
  }
  if (bodies.some((body) => body.project_id !== first.project_id)) throw SecurityGroupRulesNotSingleProject();
  return { groupId: first.security_group_id, projectId: first.project_id ?? context.projectId };
};

/** The groups that the rules name exist and can be seen: they are the project's own or were shared with it. */
const checkGroups = async (
  { tx, isAdmin }: WriteStep,
  ids: readonly string[],
  projectId: string,
): Promise<void> => {
  const groups = await tx.query
    .selectFrom('security_groups')
    .select(['id', 'project_id'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const owners = new Map(groups.map((group) => [group.id, group.project_id]));
  const foreign = isAdmin ? [] : ids.filter((id) => owners.get(id) !== projectId);
  const granted = foreign.length === 0 ? new Set<string>() : await grantedGroups(tx, foreign, projectId);
  for (const id of ids) {
    const owner = owners.get(id);
    const seen = owner !== undefined && (isAdmin || owner === projectId || granted.has(id));
    if (!seen) throw SecurityGroupNotFound({ id });
  }
};

const grantedGroups = async (
  tx: Transaction,
  ids: readonly string[],
  projectId: string,
): Promise<ReadonlySet<string>> => {
  const rows = await tx.query
    .selectFrom('rbac_entries')
    .select('object_id')
    .where('object_type', '=', 'security_group')
    .where('object_id', 'in', eachOf(ids))
    .where('target_project', 'in', eachOf(['*', projectId]))
    .execute();
  return new Set(rows.map((row) => row.object_id));
};

const checkNew = async (
  tx: Transaction,
  groupId: string,
  drafts: readonly SecurityGroupRulesTable[],
): Promise<void> => {
  const fingerprints = [...new Set(drafts.map((draft) => draft.fingerprint))];
  if (fingerprints.length < drafts.length) throw DuplicateSecurityGroupRuleInPost();
  const existing = await tx.query
    .selectFrom('security_group_rules')
    .select('id')
    .where('security_group_id', '=', groupId)
    .where('fingerprint', 'in', eachOf(fingerprints))
    .orderBy('id')
    .limit(1)
    .executeTakeFirst();
  if (existing !== undefined) throw SecurityGroupRuleExists({ ruleId: existing.id });
};

const insert = async (tx: Transaction, drafts: readonly SecurityGroupRulesTable[]): Promise<void> => {
  try {
    await insertRows(tx, 'security_group_rules', drafts);
  } catch (error) {
    // Somebody else made the rule meanwhile; the next try finds it and can name it.
    if (error instanceof UniqueViolation) throw new RetryTransaction('rule race', { cause: error });
    throw error;
  }
};

const create = async (
  ids: Ids,
  step: WriteStep,
  bodies: readonly Body[],
): Promise<readonly SecurityGroupRule[]> => {
  const place = singlePlace(bodies, step.context);
  if (place === undefined) return [];
  const { tx, changes } = step;
  const drafts = bodies.map((body) =>
    draftRule({ ...storedMatch(body), project_id: place.projectId }, ids.uuid(), tx.now),
  );
  const remotes = drafts.flatMap((draft) => draft.remote_group_id ?? []);
  await checkGroups(step, [...new Set([place.groupId, ...remotes])], place.projectId);
  const addressGroups = drafts.flatMap((draft) => draft.remote_address_group_id ?? []);
  await requireAddressGroups(step, addressGroups, place.projectId);
  await checkNew(tx, place.groupId, drafts);
  await insert(tx, drafts);
  await bumpGroups(tx, [place.groupId]);
  const created = await assembleRules(tx, drafts);
  for (const current of created) {
    changes.record({ kind: 'security_group_rule', action: 'create', id: current.id, current });
  }
  return created;
};

const remove = async ({ tx, changes }: WriteStep, rule: SecurityGroupRule): Promise<void> => {
  await tx.query.deleteFrom('security_group_rules').where('id', '=', rule.id).execute();
  await bumpGroups(tx, [rule.security_group_id]);
  changes.record({ kind: 'security_group_rule', action: 'delete', id: rule.id, original: rule });
};

/** Rules of security groups: made (also several for one group at once) and deleted, never changed. */
export const createSecurityGroupRuleBehaviour = (
  ids: Ids,
  prepare: NonNullable<StoredBehaviour['prepare']>,
): StoredBehaviour<typeof securityGroupRule> => ({
  kind: 'stored',
  definition: securityGroupRule,
  store: securityGroupRuleStore,
  prepare,
  create: (step, bodies) => create(ids, step, bodies),
  delete: remove,
});
