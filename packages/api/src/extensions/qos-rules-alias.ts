import { defineExtension } from '../define.ts';

/** Rules found by their own id. */
export const qosRulesAlias = defineExtension({
  alias: 'qos-rules-alias',
  name: 'Quality of Service rules alias API',
  description:
    'API to enable GET, PUT and DELETE operations on QoS policy rules without specifying policy ID',
  updated: '2018-10-07T10:00:00-00:00',
  requires: ['qos', 'qos-bw-limit-direction'],
});
