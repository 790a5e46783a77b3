import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** A floating IP shows the policy of its network. */
export const qosFipNetworkPolicy = defineExtension({
  alias: 'qos-fip-network-policy',
  name: 'QoS floating IP network policy ID',
  description: 'Adds a the QoS network ID to the floating IP definition',
  updated: '2021-11-15T10:00:00-00:00',
  requires: ['router', 'qos', 'qos-fip'],
  attributes: { floatingip: { qos_network_policy_id: readOnly(uuidOrNull) } },
});
