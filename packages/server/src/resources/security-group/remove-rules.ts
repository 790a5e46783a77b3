import type { Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { assembleRules } from './rule-store.ts';

/** A change of a group's rules is a change of the group. */
export const bumpGroups = async (tx: Transaction, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await tx.query
    .updateTable('security_groups')
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1), updated_at: tx.now }))
    .where('id', 'in', eachOf(ids))
    .execute();
};

/** Remove and record all rules of a group, and those of other groups that name it as their remote. */
export const removeRulesAbout = async ({ tx, changes }: WriteStep, groupId: string): Promise<void> => {
  const rows = await tx.query
    .selectFrom('security_group_rules')
    .selectAll()
    .where((eb) => eb.or([eb('security_group_id', '=', groupId), eb('remote_group_id', '=', groupId)]))
    .execute();
  if (rows.length === 0) return;
  for (const rule of await assembleRules(tx, rows)) {
    changes.record({ kind: 'security_group_rule', action: 'delete', id: rule.id, original: rule });
  }
  const ruleIds = rows.map((row) => row.id);
  await tx.query.deleteFrom('security_group_rules').where('id', 'in', eachOf(ruleIds)).execute();
  const others = new Set(rows.map((row) => row.security_group_id));
  others.delete(groupId);
  await bumpGroups(tx, [...others]);
};
