import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { qosRuleTypeDetails } from '../extensions/qos-rule-type-details.ts';
import { qosRuleTypeFilter } from '../extensions/qos-rule-type-filter.ts';
import { READER } from '../policy-rules.ts';
import { ALL_QOS_RULE_TYPES } from '../validators/qos-values.ts';
import { oneOf } from '../validators/values.ts';

/** A type of rule that the drivers carry out. */
export const qosRuleType = defineResource({
  name: 'rule_type',
  collection: 'rule_types',
  path: 'qos/rule-types',
  alias: 'qos',
  operations: ['list', 'show'],
  key: 'type',
  attributes: {
    type: readOnly(oneOf(ALL_QOS_RULE_TYPES), { filter: true, sort: true }),
    ...qosRuleTypeDetails.attributes.rule_type,
    ...qosRuleTypeFilter.attributes.rule_type,
  },
  rules: { get_rule_type: READER },
});

export type QosRuleTypeDetails = ResourceOf<typeof qosRuleType>;
