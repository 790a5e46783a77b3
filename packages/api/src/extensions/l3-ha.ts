import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { booleanOrNull } from '../validators/boolean.ts';

/** Routers that survive the loss of a gateway host: all of them, unless an administrator wants one host alone. */
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
        description: 'Whether other gateway hosts stand by for the one that carries the gateways.',
      }),
    },
  },
});
