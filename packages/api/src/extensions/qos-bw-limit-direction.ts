import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { QOS_DIRECTIONS } from '../validators/qos-values.ts';
import { oneOf } from '../validators/values.ts';

/** Limits for either direction. */
export const qosBwLimitDirection = defineExtension({
  alias: 'qos-bw-limit-direction',
  name: 'Direction for QoS bandwidth limit rule',
  description: 'Allow to configure QoS bandwidth limit rule with specific direction: ingress or egress',
  updated: '2017-04-10T10:00:00-00:00',
  requires: ['qos'],
  attributes: {
    bandwidth_limit_rule: {
      direction: optional(oneOf(QOS_DIRECTIONS), { put: true, initial: 'egress', filter: true, sort: true }),
    },
  },
});
