import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { addressPairs } from '../validators/allowed-address-pairs.ts';

/** How many address pairs a port may have. */
export const MAX_ALLOWED_ADDRESS_PAIRS = 10;

/** Source addresses that a port may use besides its own. */
export const allowedAddressPairs = defineExtension({
  alias: 'allowed-address-pairs',
  name: 'Allowed Address Pairs',
  description: 'Provides allowed address pairs',
  updated: '2013-07-23T10:00:00-00:00',
  attributes: {
    port: {
      allowed_address_pairs: unspecified(addressPairs(MAX_ALLOWED_ADDRESS_PAIRS), {
        put: true,
        policy: true,
        subPolicy: ['mac_address', 'ip_address'],
      }),
    },
  },
});
