import { defineExtension } from '../define.ts';

/** `id` and `internal_port_id` among the port forwardings that a floating IP shows. */
export const floatingIpPortForwardingDetail = defineExtension({
  alias: 'floating-ip-port-forwarding-detail',
  name: 'Floating IP port forwarding detail',
  description: "Allow list floating ip return more port forwarding data, include'id' and 'internal_port_id'",
  updated: '2022-05-06T10:00:00-00:00',
  requires: ['expose-port-forwarding-in-fip'],
});
