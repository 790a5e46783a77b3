import { defineExtension } from '../define.ts';

/** How many addresses networks have, and how many are taken. */
export const networkIpAvailability = defineExtension({
  alias: 'network-ip-availability',
  name: 'Network IP Availability',
  description: 'Provides IP availability data for each network and subnet.',
  updated: '2015-09-24T00:00:00-00:00',
});
