import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { stringOrNull } from '../validators/string.ts';

/** Availability zones of gateway chassis. */
export const availabilityZone = defineExtension({
  alias: 'availability_zone',
  name: 'Availability Zone',
  description: 'The availability zone extension.',
  updated: '2015-01-01T10:00:00-00:00',
  requires: ['agent'],
  attributes: {
    agent: {
      availability_zone: readOnly(stringOrNull(255), { filter: true }),
    },
  },
});
