import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** Policies about the traffic of floating IPs. */
export const qosFip = defineExtension({
  alias: 'qos-fip',
  name: 'Floating IP QoS',
  description: 'The floating IP Quality of Service extension',
  updated: '2017-07-20T00:00:00-00:00',
  requires: ['router', 'qos'],
  attributes: {
    floatingip: {
      qos_policy_id: optional(uuidOrNull, {
        put: true,
        initial: null,
        policy: true,
        description: "The policy of the traffic; a floating IP without one follows its network's.",
      }),
    },
  },
});
