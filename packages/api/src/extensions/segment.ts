import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** Segments as resources of their own, and subnets that belong to one. */
export const segmentExtension = defineExtension({
  alias: 'segment',
  name: 'Segment',
  description: 'Segments extension.',
  updated: '2016-02-24T17:00:00-00:00',
  requires: ['standard-attr-description'],
  attributes: {
    subnet: {
      segment_id: optional(uuidOrNull, {
        put: true,
        initial: null,
        filter: true,
        sort: true,
        policy: true,
        readPolicy: true,
        description: 'The segment whose hosts have addresses of the subnet; null: all hosts of the network.',
      }),
    },
  },
});
