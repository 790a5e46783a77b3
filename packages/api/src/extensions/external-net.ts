import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Networks that routers reach the outside through. */
export const externalNet = defineExtension({
  alias: 'external-net',
  name: 'Neutron external network',
  description: 'Adds external network attribute to network resource.',
  updated: '2013-01-14T10:00:00-00:00',
  attributes: {
    network: {
      'router:external': optional(boolean, { put: true, initial: false, filter: true, policy: true }),
    },
  },
});
