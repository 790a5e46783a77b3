import { defineExtension } from '../define.ts';

/** Subnets that floating IPs can come from. */
export const floatingipPools = defineExtension({
  alias: 'floatingip-pools',
  name: 'Floating IP Pools Extension',
  description: 'Provides a floating IP pools API.',
  updated: '2018-03-21T10:00:00-00:00',
  requires: ['router'],
});
