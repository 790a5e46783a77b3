import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Whether ports of a network reach each other without a router. */
export const l2Adjacency = defineExtension({
  alias: 'l2_adjacency',
  name: 'L2 Adjacency',
  description: 'Display L2 Adjacency for Neutron Networks.',
  updated: '2016-04-12T16:00:00-00:00',
  attributes: { network: { l2_adjacency: readOnly(boolean) } },
});
