import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { booleanOrNull } from '../validators/boolean.ts';

/** Whether the default routes of a router are watched with BFD. */
export const enableDefaultRouteBfd = defineExtension({
  alias: 'enable-default-route-bfd',
  name: 'Enable Default Route BFD',
  description: 'Enables configurable BFD behavior for default routes',
  updated: '2023-02-27T00:00:00-00:00',
  requires: ['router', 'external-gateway-multihoming'],
  attributes: {
    router: {
      enable_default_route_bfd: unspecified(booleanOrNull, { put: true, policy: true }),
    },
  },
});
