import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Networks for the asking, which reach the outside through the default external one. */
export const autoAllocatedTopology = defineExtension({
  alias: 'auto-allocated-topology',
  name: 'Auto Allocated Topology Services',
  description: 'Auto Allocated Topology Services.',
  updated: '2016-01-01T00:00:00-00:00',
  requires: ['router', 'subnet_allocation', 'external-net'],
  attributes: {
    network: {
      is_default: optional(boolean, {
        put: true,
        initial: false,
        filter: true,
        policy: true,
        description: 'Whether it is the external network for those who name none. Means nothing on others.',
      }),
    },
  },
});
