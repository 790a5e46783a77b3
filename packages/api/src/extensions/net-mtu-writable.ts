import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { integer } from '../validators/integer.ts';

/** Requests may choose the MTU of a network. */
export const netMtuWritable = defineExtension({
  alias: 'net-mtu-writable',
  name: 'Network MTU (writable)',
  description: 'Provides a writable MTU attribute for a network resource.',
  updated: '2017-07-12T00:00:00-00:00',
  requires: ['net-mtu'],
  attributes: {
    network: {
      mtu: optional(integer(0, 65535), {
        put: true,
        initial: 0,
        filter: true,
        sort: true,
        policy: true,
        description: 'In bytes; 0 in a request means the largest that the segments carry.',
      }),
    },
  },
});
