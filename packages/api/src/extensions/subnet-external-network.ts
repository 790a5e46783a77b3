import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Whether the network of a subnet is external. */
export const subnetExternalNetwork = defineExtension({
  alias: 'subnet-external-network',
  name: 'Subnet belongs to an external network',
  description: 'Informs if the subnet belongs to an external network',
  updated: '2024-02-05T18:00:00-00:00',
  requires: ['external-net'],
  attributes: {
    subnet: {
      'router:external': readOnly(boolean, { filter: true }),
    },
  },
});
