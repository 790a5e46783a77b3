import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { portRange } from '../validators/port-ranges.ts';

/** Ranges of ports in one port forwarding. */
export const floatingIpPortForwardingPortRanges = defineExtension({
  alias: 'floating-ip-port-forwarding-port-ranges',
  name: 'Floating IP Port Forwarding support port ranges',
  description: 'Add support to port ranges',
  updated: '2020-07-01T10:00:00-00:00',
  requires: ['floating-ip-port-forwarding'],
  attributes: {
    port_forwarding: {
      external_port_range: unspecified(portRange, { put: true, filter: true, sort: true }),
      internal_port_range: unspecified(portRange, { put: true }),
    },
  },
});
