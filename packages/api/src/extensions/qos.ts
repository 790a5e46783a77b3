import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

const policy = optional(uuidOrNull, {
  put: true,
  initial: null,
  policy: true,
  description: "The policy of the traffic; a port without one follows its network's.",
});

/** Policies about traffic. */
export const qos = defineExtension({
  alias: 'qos',
  name: 'Quality of Service',
  description: 'The Quality of Service extension.',
  updated: '2015-06-08T10:00:00-00:00',
  attributes: { network: { qos_policy_id: policy }, port: { qos_policy_id: policy } },
});
