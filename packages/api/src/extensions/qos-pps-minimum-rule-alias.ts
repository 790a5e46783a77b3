import { defineExtension } from '../define.ts';

/** Promises of packet rates, found by their own id. */
export const qosPpsMinimumRuleAlias = defineExtension({
  alias: 'qos-pps-minimum-rule-alias',
  name: 'QoS minimum packet rate rule alias',
  description:
    'API to enable GET, PUT and DELETE operations on QoS minimum packet rate rule without specifying policy ID',
  updated: '2021-10-22T10:00:00-00:00',
  requires: ['qos', 'qos-pps-minimum'],
});
