import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';
import { orNullWhenStored } from '../validators/values.ts';

/** Networks that carry VLAN tags of guests. */
export const vlanTransparent = defineExtension({
  alias: 'vlan-transparent',
  name: 'Vlantransparent',
  description: 'Provides Vlan Transparent Networks',
  updated: '2015-03-23T09:00:00-00:00',
  attributes: {
    network: {
      vlan_transparent: unspecified(orNullWhenStored(boolean), { put: false, filter: true }),
    },
  },
});
