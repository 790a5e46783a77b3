import { defineExtension } from '../define.ts';

/** Routers and floating IPs. */
export const routerExtension = defineExtension({
  alias: 'router',
  name: 'Neutron L3 Router',
  description:
    'Router abstraction for basic L3 forwarding between L2 Neutron networks and access to external networks via a NAT gateway.',
  updated: '2012-07-20T10:00:00-00:00',
  requires: ['external-net'],
});
