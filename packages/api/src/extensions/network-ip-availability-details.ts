import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { ipAvailabilityDetails } from '../validators/ip-availability.ts';

/** The same, by whole subnets and by allocation pools. */
export const networkIpAvailabilityDetails = defineExtension({
  alias: 'network-ip-availability-details',
  name: 'Network IP Availability Details Extension',
  description: 'Add ip_availability_details attribute to network-ip-availabilities resource.',
  updated: '2025-10-31T00:00:00-00:00',
  requires: ['network-ip-availability'],
  attributes: {
    network_ip_availability: {
      ip_availability_details: readOnly(ipAvailabilityDetails),
    },
  },
});
