import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { timestamp } from '../validators/timestamp.ts';

/** When a resource was made and last changed; lists take `changed_since`. */
export const standardAttrTimestamp = defineExtension({
  alias: 'standard-attr-timestamp',
  name: 'Resource timestamps',
  description:
    'Adds created_at and updated_at fields to all Neutron resources that have Neutron standard attributes.',
  updated: '2016-09-12T10:00:00-00:00',
  attributes: {
    standard: {
      created_at: readOnly(timestamp),
      updated_at: readOnly(timestamp),
    },
  },
});
