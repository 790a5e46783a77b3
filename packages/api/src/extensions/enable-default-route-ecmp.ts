import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { booleanOrNull } from '../validators/boolean.ts';

/** Whether all gateways of a router carry its default traffic. */
export const enableDefaultRouteEcmp = defineExtension({
  alias: 'enable-default-route-ecmp',
  name: 'Enable Default Route ECMP',
  description: 'Enables configurable ECMP behavior for default routes',
  updated: '2023-02-27T00:00:00-00:00',
  requires: ['router', 'external-gateway-multihoming'],
  attributes: {
    router: {
      enable_default_route_ecmp: unspecified(booleanOrNull, { put: true, policy: true }),
    },
  },
});
