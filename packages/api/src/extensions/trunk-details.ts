import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { trunkDetailsValue } from '../validators/sub-ports.ts';

/** A parent port shows its trunk. */
export const trunkDetails = defineExtension({
  alias: 'trunk-details',
  name: 'Trunk port details',
  description: 'Expose trunk port details',
  updated: '2016-01-01T10:00:00-00:00',
  requires: ['trunk'],
  attributes: { port: { trunk_details: readOnly(trunkDetailsValue) } },
});
