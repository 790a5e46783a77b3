import { defineExtension } from '../define.ts';

/** The MTU of a network; `net-mtu-writable` holds the attribute. */
export const netMtu = defineExtension({
  alias: 'net-mtu',
  name: 'Network MTU',
  description: 'Provides MTU attribute for a network resource.',
  updated: '2015-03-25T10:00:00-00:00',
});
