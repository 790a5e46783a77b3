import { defineExtension } from '../define.ts';

/** Address pairs with multicast addresses are refused. */
export const aapRejectMulticast = defineExtension({
  alias: 'aap-reject-multicast',
  name: 'Allowed address pairs reject multicast extension',
  description: 'Reject multicast addresses in Allowed Address Pairs',
  updated: '2026-04-01T00:00:00-00:00',
  requires: ['allowed-address-pairs'],
});
