import { type SecurityGroup, securityGroupRule } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { DefaultSecurityGroupRulesTable, SecurityGroupsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import type { Quota } from '../quota.ts';
import { defaultStatefulness } from './default-statefulness.ts';
import { groupOf } from './group-store.ts';
import { draftRule } from './rule-draft.ts';
import { ruleOf } from './rule-store.ts';

/** Stands for the group that a rule is made in, where a template names a remote group. */
export const PARENT = 'PARENT';

/** A group to be made; `isDefault`: the one named `default` of its project. */
export interface GroupDraft {
  readonly projectId: string;
  readonly name: string;
  readonly description: string;
  /** undefined: as the project has it. */
  readonly stateful: boolean | undefined;
  readonly isDefault: boolean;
}

const templatesFor = (tx: Transaction, isDefault: boolean): Promise<DefaultSecurityGroupRulesTable[]> =>
  tx.query
    .selectFrom('default_security_group_rules')
    .selectAll()
    .where(isDefault ? 'used_in_default_sg' : 'used_in_non_default_sg', '=', 1)
    .orderBy('id')
    .execute();

/** Two templates can come to the same rule when one names the new group itself; it is made once. */
const rulesFrom = (
  templates: readonly DefaultSecurityGroupRulesTable[],
  group: SecurityGroupsTable,
  ids: Ids,
  now: string,
) => {
  const drafts = templates.map((template) =>
    draftRule(
      {
        ...template,
        description: '', // a template's own says what the template is for
        security_group_id: group.id,
        project_id: group.project_id,
        remote_group_id: template.remote_group_id === PARENT ? group.id : template.remote_group_id,
      },
      ids.uuid(),
      now,
    ),
  );
  return [...new Map(drafts.map((draft) => [draft.fingerprint, draft])).values()];
};

type Made = { readonly row: SecurityGroupsTable; readonly rules: ReturnType<typeof rulesFrom> };

/** The first rules of groups count as rules of their projects. Throws ApiError 409 `OverQuota`. */
const requireRoomForRules = async (tx: Transaction, quota: Quota, made: readonly Made[]): Promise<void> => {
  const counted = securityGroupRule.quota;
  if (counted === undefined) return;
  for (const [projectId, its] of Map.groupBy(made, ({ row }) => row.project_id)) {
    const added = its.reduce((sum, { rules }) => sum + rules.length, 0);
    await quota.require(tx, {
      quota: counted,
      table: 'security_group_rules',
      projectId,
      added,
    });
  }
};

/** What groups are made with. */
export interface GroupParts {
  readonly ids: Ids;
  /** Bounds the rules that groups begin with; the default group of a project, which it cannot do without, has none. */
  readonly quota?: Quota;
}

/**
 * Make groups with their first rules and record them, all of one kind: default groups or others. Four statements,
 * whatever the number of groups, and two for each project with a quota. Results in the order of `drafts`.
 */
export const createGroups = async (
  { tx, changes }: Pick<WriteStep, 'tx' | 'changes'>,
  { ids, quota }: GroupParts,
  drafts: readonly GroupDraft[],
): Promise<readonly SecurityGroup[]> => {
  const isDefault = drafts.some((draft) => draft.isDefault);
  const templates = await templatesFor(tx, isDefault);
  const unsaid = drafts.filter(({ stateful }) => stateful === undefined);
  const isStateful =
    unsaid.length === 0
      ? () => true
      : await defaultStatefulness(
          tx,
          unsaid.map(({ projectId }) => projectId),
        );
  const made = drafts.map((draft): Made => {
    const row: SecurityGroupsTable = {
      id: ids.uuid(),
      project_id: draft.projectId,
      name: draft.name,
      description: draft.description,
      stateful: flagOf(draft.stateful ?? isStateful(draft.projectId)),
      created_at: tx.now,
      updated_at: tx.now,
      revision_number: 1,
    };
    return { row, rules: rulesFrom(templates, row, ids, tx.now) };
  });
  if (quota !== undefined) await requireRoomForRules(tx, quota, made);
  await insertRows(
    tx,
    'security_groups',
    made.map(({ row }) => row),
  );
  await insertRows(
    tx,
    'security_group_rules',
    made.flatMap(({ rules }) => rules),
  );
  return made.map(({ row, rules }) => {
    const shown = rules.map((rule) => ruleOf(rule, isDefault)).sort((a, b) => (a.id < b.id ? -1 : 1));
    const current = groupOf(row, { rules: shown, shared: false, tags: [] });
    changes.record({ kind: 'security_group', action: 'create', id: row.id, current });
    for (const rule of shown) {
      changes.record({ kind: 'security_group_rule', action: 'create', id: rule.id, current: rule });
    }
    return current;
  });
};
