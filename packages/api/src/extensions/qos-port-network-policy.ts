import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** A port shows the policy of its network. */
export const qosPortNetworkPolicy = defineExtension({
  alias: 'qos-port-network-policy',
  name: 'QoS port network policy ID',
  description: 'Adds a the QoS network ID to the port definition',
  updated: '2019-11-01T10:00:00-00:00',
  requires: ['qos'],
  attributes: { port: { qos_network_policy_id: readOnly(uuidOrNull) } },
});
