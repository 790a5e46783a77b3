import { defineExtension } from '../define.ts';

/** Ports of a floating IP that lead to ports of different machines. */
export const floatingIpPortForwarding = defineExtension({
  alias: 'floating-ip-port-forwarding',
  name: 'Floating IP Port Forwarding',
  description: 'Allow port forwarding from floating IP port to an internal port',
  updated: '2018-01-19T10:00:00-00:00',
  requires: ['router'],
});
