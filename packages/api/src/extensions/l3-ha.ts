import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { booleanOrNull } from '../validators/boolean.ts';

/** Routers that survive the loss of a gateway host: with OVN all of them. */
export const l3Ha = defineExtension({
  alias: 'l3-ha',
  name: 'HA Router extension',
  description: 'Adds HA capability to routers.',
  updated: '2014-04-26T00:00:00-00:00',
  requires: ['router'],
  attributes: {
    router: {
      ha: unspecified(booleanOrNull, {
        put: true,
        policy: true,
        readPolicy: true,
        description: 'Always true.',
      }),
    },
  },
});
