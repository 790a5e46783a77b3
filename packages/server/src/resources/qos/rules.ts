import { QoSRuleParameterConflict, QoSRulesConflict, type QosRule, type QosRuleType } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { loadPolicy } from './store.ts';
import { requireUnusedOrCarriedOut } from './supported.ts';

/** What a rule of any type may hold; values of other types stay undefined. */
export interface RuleValues {
  readonly direction?: QosRule['direction'] | undefined;
  readonly max_kbps?: number | undefined;
  readonly max_burst_kbps?: number | undefined;
  readonly min_kbps?: number | undefined;
  readonly dscp_mark?: number | undefined;
  readonly max_kpps?: number | undefined;
  readonly max_burst_kpps?: number | undefined;
  readonly min_kpps?: number | undefined;
}

/** A promise of packets for both ways together leaves no room for one each way, and the reverse. */
const requireOneManner = (rules: readonly QosRule[], wished: QosRule): void => {
  if (wished.type !== 'minimum_packet_rate') return;
  const other = rules.find(
    (rule) =>
      rule.id !== wished.id &&
      rule.type === wished.type &&
      (rule.direction === 'any') !== (wished.direction === 'any'),
  );
  if (other === undefined) return;
  throw QoSRuleParameterConflict({
    value: wished.direction ?? '',
    policyId: wished.qos_policy_id,
    existingRule: other.type,
    existingValue: other.direction ?? '',
  });
};

const requireRoom = (rules: readonly QosRule[], wished: QosRule): void => {
  for (const rule of rules) {
    if (rule.id === wished.id || rule.direction !== wished.direction) continue;
    const conflict = (value: number, existingValue: number) =>
      QoSRuleParameterConflict({
        value,
        policyId: wished.qos_policy_id,
        existingRule: rule.type,
        existingValue,
      });
    if (rule.min_kbps !== undefined && wished.max_kbps !== undefined && rule.min_kbps > wished.max_kbps)
      throw conflict(wished.max_kbps, rule.min_kbps);
    if (rule.max_kbps !== undefined && wished.min_kbps !== undefined && rule.max_kbps < wished.min_kbps)
      throw conflict(wished.min_kbps, rule.max_kbps);
  }
  requireOneManner(rules, wished);
  const twin = rules.find(
    (rule) => rule.id !== wished.id && rule.type === wished.type && rule.direction === wished.direction,
  );
  if (twin !== undefined)
    throw QoSRulesConflict({ newType: wished.type, ruleId: twin.id, policyId: wished.qos_policy_id });
};

const columnsOf = (rule: QosRule) => ({
  direction: rule.direction ?? '',
  max_kbps: rule.max_kbps ?? null,
  max_burst_kbps: rule.max_burst_kbps ?? null,
  min_kbps: rule.min_kbps ?? null,
  dscp_mark: rule.dscp_mark ?? null,
  max_kpps: rule.max_kpps ?? null,
  max_burst_kpps: rule.max_burst_kpps ?? null,
  min_kpps: rule.min_kpps ?? null,
});

/** Change the rules of a policy, and tell of it: its revision moves, and what uses it follows. */
const changing = async (
  step: WriteStep,
  policyId: string,
  change: (rules: readonly QosRule[]) => Promise<void>,
): Promise<void> => {
  const { tx, changes } = step;
  const original = await loadPolicy(tx, policyId);
  await change(original.rules);
  await tx.query
    .updateTable('qos_policies')
    .set({ updated_at: tx.now })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', policyId)
    .execute();
  const current = await loadPolicy(tx, policyId);
  changes.record({ kind: 'qos_policy', action: 'update', id: policyId, original, current });
};

/** The values that are given. */
const given = (values: RuleValues): Partial<QosRule> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Add a rule. Throws ApiError QoSRuleParameterConflict, QoSRulesConflict, and as {@link requireUnusedOrCarriedOut} does. */
export const addRule = async (
  step: WriteStep,
  id: string,
  policyId: string,
  type: QosRuleType,
  values: RuleValues,
): Promise<QosRule> => {
  const rule: QosRule = { id, qos_policy_id: policyId, type, ...given(values) };
  await changing(step, policyId, async (rules) => {
    requireRoom(rules, rule);
    await requireUnusedOrCarriedOut(step.tx, policyId, type);
    await step.tx.query
      .insertInto('qos_rules')
      .values({ id, qos_policy_id: policyId, type, ...columnsOf(rule) })
      .execute();
  });
  return rule;
};

/** Change a rule's values. Throws ApiError QoSRuleParameterConflict, QoSRulesConflict. */
export const changeRule = async (step: WriteStep, current: QosRule, values: RuleValues): Promise<QosRule> => {
  const rule: QosRule = { ...current, ...given(values) };
  await changing(step, current.qos_policy_id, async (rules) => {
    requireRoom(rules, rule);
    await step.tx.query.updateTable('qos_rules').set(columnsOf(rule)).where('id', '=', rule.id).execute();
  });
  return rule;
};

export const removeRule = (step: WriteStep, rule: Pick<QosRule, 'id' | 'qos_policy_id'>): Promise<void> =>
  changing(step, rule.qos_policy_id, async () => {
    await step.tx.query.deleteFrom('qos_rules').where('id', '=', rule.id).execute();
  });
