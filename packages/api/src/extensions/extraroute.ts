import { updateOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { hostRoutes } from '../validators/subnet-values.ts';

/** Static routes of a router. */
export const extraroute = defineExtension({
  alias: 'extraroute',
  name: 'Neutron Extra Route',
  description: 'Extra routes configuration for L3 router',
  updated: '2013-02-01T10:00:00-00:00',
  requires: ['router'],
  attributes: {
    router: {
      routes: updateOnly(hostRoutes),
    },
  },
});
