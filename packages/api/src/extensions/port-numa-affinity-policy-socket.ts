import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { oneOfOrNull } from '../validators/values.ts';

const POLICIES = ['required', 'preferred', 'legacy', 'socket'] as const;

/** The attribute with all of its values. */
export const portNumaAffinityPolicySocket = defineExtension({
  alias: 'port-numa-affinity-policy-socket',
  name: 'Port NUMA affinity policy "socket"',
  description: 'Adds "socket" to the supported port NUMA affinity policies',
  updated: '2024-02-09T10:00:00-00:00',
  requires: ['port-numa-affinity-policy'],
  attributes: {
    port: { numa_affinity_policy: optional(oneOfOrNull(POLICIES), { put: true, initial: null }) },
  },
});
