import { defineExtension } from '../define.ts';

/** Availability zones can be filtered. */
export const availabilityZoneFilter = defineExtension({
  alias: 'availability_zone_filter',
  name: 'Availability Zone Filter Extension',
  description: 'Add filter parameters to AvailabilityZone resource',
  updated: '2018-06-22T10:00:00-00:00',
  requires: ['availability_zone'],
});
