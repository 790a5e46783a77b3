import { optional, unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Anti-spoofing rules and security groups, on or off per port. */
export const portSecurity = defineExtension({
  alias: 'port-security',
  name: 'Port Security',
  description: 'Provides port security',
  updated: '2012-07-23T10:00:00-00:00',
  attributes: {
    network: {
      port_security_enabled: optional(boolean, {
        put: true,
        initial: true,
        policy: true,
        description: 'What ports of the network get unless they say otherwise.',
      }),
    },
    port: {
      port_security_enabled: unspecified(boolean, {
        put: true,
        policy: true,
        description: "Anti-spoofing and security groups; the network's setting unless given.",
      }),
    },
  },
});
