import {
  aliasBandwidthLimitRule,
  aliasDscpMarkingRule,
  aliasMinimumBandwidthRule,
  aliasMinimumPacketRateRule,
  type CreateOf,
  type QosRule,
  QosRuleNotFound,
  type QosRuleType,
  qosBandwidthLimitRule,
  qosDscpMarkingRule,
  qosMinimumBandwidthRule,
  qosMinimumPacketRateRule,
  qosPacketRateLimitRule,
  type ResourceDefinition,
  type ResourceOf,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { QosRulesTable } from '../../db/qos-tables.ts';
import type { Behaviour, MemberBehaviour, StoredBehaviour } from '../../engine/contract.ts';
import { plainColumns } from '../columns.ts';
import { addRule, changeRule, type RuleValues, removeRule } from './rules.ts';
import { ruleOf, rulesOfPolicy } from './store.ts';

type RuleDefinition =
  | typeof qosBandwidthLimitRule
  | typeof qosDscpMarkingRule
  | typeof qosMinimumBandwidthRule
  | typeof qosPacketRateLimitRule
  | typeof qosMinimumPacketRateRule;
type AliasDefinition =
  | typeof aliasBandwidthLimitRule
  | typeof aliasDscpMarkingRule
  | typeof aliasMinimumBandwidthRule
  | typeof aliasMinimumPacketRateRule;

/** A rule in the form of its definition; a rule of a type always has that type's values. */
const as = <D extends ResourceDefinition>(rule: QosRule): ResourceOf<D> =>
  // The row's check of type and the definitions' value types are what makes this true.
  rule as unknown as ResourceOf<D>;
const valuesOf = (body: unknown): RuleValues => {
  const { direction, max_kbps, max_burst_kbps, min_kbps, dscp_mark } = body as RuleValues;
  const { max_kpps, max_burst_kpps, min_kpps } = body as RuleValues;
  return { direction, max_kbps, max_burst_kbps, min_kbps, dscp_mark, max_kpps, max_burst_kpps, min_kpps };
};

const ruleBehaviour = <D extends RuleDefinition>(
  ids: Ids,
  definition: D,
  type: QosRuleType,
): MemberBehaviour<D> => {
  const back = (rule: ResourceOf<D>, policyId: string): QosRule => ({
    ...(rule as unknown as QosRule),
    qos_policy_id: policyId,
    type,
  });
  return {
    kind: 'member',
    definition,
    list: async (reader, parent) =>
      (await rulesOfPolicy(reader, parent.id))
        .filter((rule) => rule.type === type)
        .map((rule) => as<D>(rule)),
    notFound: (parent, key) => QosRuleNotFound({ policyId: parent.id, ruleId: key }),
    create: async (step, parent, body: CreateOf<D>) =>
      as<D>(await addRule(step, ids.uuid(), parent.id, type, valuesOf(body))),
    update: async (step, parent, current, body: UpdateOf<D>) =>
      as<D>(await changeRule(step, back(current, parent.id), valuesOf(body))),
    delete: (step, parent, current) => removeRule(step, back(current, parent.id)),
  };
};

const aliasBehaviour = <D extends AliasDefinition>(definition: D, type: QosRuleType): StoredBehaviour<D> => ({
  kind: 'stored',
  definition,
  store: {
    table: 'qos_rules',
    columns: plainColumns(['id', 'qos_policy_id']),
    filters: {},
    everybody: true,
    assemble: async (_reader, rows) =>
      // The rows were read from `qos_rules`, all columns.
      (rows as readonly unknown[] as readonly QosRulesTable[])
        .filter((row) => row.type === type)
        .map((row) => as<D>(ruleOf(row))),
  },
  update: async (step, current, body) =>
    as<D>(await changeRule(step, current as unknown as QosRule, valuesOf(body))),
  delete: (step, current) => removeRule(step, current as unknown as QosRule),
});

/** Rules below their policy, and found by their own id alone. */
export const createQosRuleBehaviours = (ids: Ids): readonly Behaviour[] => [
  ruleBehaviour(ids, qosBandwidthLimitRule, 'bandwidth_limit'),
  ruleBehaviour(ids, qosDscpMarkingRule, 'dscp_marking'),
  ruleBehaviour(ids, qosMinimumBandwidthRule, 'minimum_bandwidth'),
  ruleBehaviour(ids, qosPacketRateLimitRule, 'packet_rate_limit'),
  ruleBehaviour(ids, qosMinimumPacketRateRule, 'minimum_packet_rate'),
  aliasBehaviour(aliasBandwidthLimitRule, 'bandwidth_limit'),
  aliasBehaviour(aliasDscpMarkingRule, 'dscp_marking'),
  aliasBehaviour(aliasMinimumBandwidthRule, 'minimum_bandwidth'),
  aliasBehaviour(aliasMinimumPacketRateRule, 'minimum_packet_rate'),
];
