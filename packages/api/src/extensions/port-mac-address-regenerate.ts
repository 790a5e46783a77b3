import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { macAddressOrNew } from '../validators/mac-address.ts';

/** Ports that get a new MAC address by asking for none. */
export const portMacAddressRegenerate = defineExtension({
  alias: 'port-mac-address-regenerate',
  name: 'Neutron Port MAC address regenerate',
  description: 'Network port MAC address regenerate',
  updated: '2018-05-03T10:00:00-00:00',
  attributes: {
    port: {
      mac_address: unspecified(macAddressOrNew, {
        put: true,
        filter: true,
        sort: true,
        policy: true,
        description: 'Null: a new one.',
      }),
    },
  },
});
