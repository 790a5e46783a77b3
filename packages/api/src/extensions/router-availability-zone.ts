import { optional, readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { availabilityZoneHints } from '../validators/availability-zone-hints.ts';
import { uniqueStrings } from '../validators/string.ts';

/** Availability zones that a router's gateway is to be in. */
export const routerAvailabilityZone = defineExtension({
  alias: 'router_availability_zone',
  name: 'Router Availability Zone',
  description: 'Availability zone support for router.',
  updated: '2015-01-01T10:00:00-00:00',
  requires: ['router', 'availability_zone'],
  attributes: {
    router: {
      availability_zone_hints: optional(availabilityZoneHints, { put: false, initial: [] }),
      availability_zones: readOnly(uniqueStrings(255)),
    },
  },
});
