import { defineExtension } from '../define.ts';

/** Subnets of a routed network lead to those of its other segments. */
export const segmentsPeerSubnetHostRoutes = defineExtension({
  alias: 'segments-peer-subnet-host-routes',
  name: 'Segments peer-subnet host routes',
  description: 'Add host routes to subnets on a routed network (segments)',
  updated: '2018-06-12T10:00:00-00:00',
  requires: ['segment'],
});
