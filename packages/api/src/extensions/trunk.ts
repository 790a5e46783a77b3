import { defineExtension } from '../define.ts';

/** Ports that carry other ports under VLAN tags. */
export const trunkExtension = defineExtension({
  alias: 'trunk',
  name: 'Trunk Extension',
  description: 'Provides support for trunk ports',
  updated: '2016-01-01T10:00:00-00:00',
  requires: ['binding'],
});
