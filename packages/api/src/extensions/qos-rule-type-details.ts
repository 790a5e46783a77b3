import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { qosDrivers } from '../validators/qos-values.ts';

/** What drivers can do with a type of rule. */
export const qosRuleTypeDetails = defineExtension({
  alias: 'qos-rule-type-details',
  name: 'Details of QoS rule types',
  description: 'Expose details about QoS rule types supported by loaded backend drivers',
  updated: '2017-06-22T10:00:00-00:00',
  requires: ['qos'],
  attributes: { rule_type: { drivers: readOnly(qosDrivers) } },
});
