import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { string } from '../validators/string.ts';

/** `description` of port forwardings. */
export const floatingIpPortForwardingDescription = defineExtension({
  alias: 'floating-ip-port-forwarding-description',
  name: 'Floating IP Port Forwarding new attribute description',
  description: 'Add a description field to Port Forwarding rules',
  updated: '2019-11-01T10:00:00-00:00',
  requires: ['floating-ip-port-forwarding'],
  attributes: {
    port_forwarding: {
      description: optional(string(1024), { put: true, initial: '', filter: true }),
    },
  },
});
