import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';
import { orNullWhenStored } from '../validators/values.ts';

/** Ports whose virtual function may change its MAC address and see all packets. */
export const portTrustedVif = defineExtension({
  alias: 'port-trusted-vif',
  name: 'Port trusted vif',
  description: "Expose port 'trusted' attribute in the API",
  updated: '2024-07-10T10:00:00-00:00',
  requires: ['binding'],
  attributes: {
    port: {
      trusted: unspecified(orNullWhenStored(boolean), {
        put: true,
        policy: true,
        readPolicy: true,
        description: 'Stands in binding:profile too.',
      }),
    },
  },
});
