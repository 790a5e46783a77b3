import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Lists of rule types beyond those that every driver carries out. */
export const qosRuleTypeFilter = defineExtension({
  alias: 'qos-rule-type-filter',
  name: 'Allow to filter the list of QoS rule types',
  description:
    'Allows to filter the QoS rule type list adding two new flags. "all_rules" prints all implemented QoS rule ' +
    'types."all_supported" prints all supported QoS rule types by the loaded mechanism drivers',
  updated: '2022-02-02T10:00:00-00:00',
  requires: ['qos'],
  attributes: {
    rule_type: {
      all_rules: readOnly(boolean, { visible: false, filter: true }),
      all_supported: readOnly(boolean, { visible: false, filter: true }),
    },
  },
});
