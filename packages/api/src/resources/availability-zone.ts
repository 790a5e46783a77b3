import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { READER } from '../policy-rules.ts';
import { string } from '../validators/string.ts';
import { oneOf } from '../validators/values.ts';

/** A zone that gateway chassis declare, for networks or routers. */
export const availabilityZone = defineResource({
  name: 'availability_zone',
  collection: 'availability_zones',
  path: 'availability_zones',
  alias: 'availability_zone',
  operations: ['list'],
  key: 'name',
  attributes: {
    name: readOnly(string(255), { filter: true, sort: true }),
    resource: readOnly(oneOf(['network', 'router']), { filter: true, sort: true }),
    state: readOnly(oneOf(['available', 'unavailable']), { filter: true, sort: true }),
  },
  rules: { get_availability_zone: READER },
});

export type AvailabilityZone = ResourceOf<typeof availabilityZone>;
