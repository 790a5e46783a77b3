import { defineExtension } from '../define.ts';

/** Ports whose machine should be near their device, which Nova sees to. */
export const portNumaAffinityPolicy = defineExtension({
  alias: 'port-numa-affinity-policy',
  name: 'Port NUMA affinity policy',
  description: 'Expose the port NUMA affinity policy',
  updated: '2020-07-08T10:00:00-00:00',
});
