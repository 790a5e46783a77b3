import { defineExtension } from '../define.ts';

/** Named sets of prefixes for the rules of security groups. */
export const addressGroup = defineExtension({
  alias: 'address-group',
  name: 'Address group',
  description: 'Support address group',
  updated: '2020-07-15T10:00:00-00:00',
  requires: ['security-group'],
});
