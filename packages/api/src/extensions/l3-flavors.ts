import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** Routers of a flavor. */
export const l3Flavors = defineExtension({
  alias: 'l3-flavors',
  name: 'Router Flavor Extension',
  description: 'Flavor support for routers.',
  updated: '2016-05-17T00:00:00-00:00',
  requires: ['flavors', 'router'],
  attributes: {
    router: {
      flavor_id: optional(uuidOrNull, { put: false, initial: null, filter: true, sort: true, policy: true }),
    },
  },
});
