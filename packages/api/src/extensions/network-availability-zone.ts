import { optional, readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { availabilityZoneHints } from '../validators/availability-zone-hints.ts';
import { uniqueStrings } from '../validators/string.ts';

/** Availability zones that a network asks for and is served in. */
export const networkAvailabilityZone = defineExtension({
  alias: 'network_availability_zone',
  name: 'Network Availability Zone',
  description: 'Availability zone support for network.',
  updated: '2015-01-01T10:00:00-00:00',
  requires: ['availability_zone'],
  attributes: {
    network: {
      availability_zone_hints: optional(availabilityZoneHints, { put: false, initial: [], sort: true }),
      availability_zones: readOnly(uniqueStrings(255)),
    },
  },
});
