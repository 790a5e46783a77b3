import { defineExtension } from '../define.ts';

/** Prefixes of a subnet pool are added and removed one by one. */
export const subnetpoolPrefixOps = defineExtension({
  alias: 'subnetpool-prefix-ops',
  name: 'Subnet Pool Prefix Operations',
  description: 'Provides support for adjusting the prefix list of subnet pools',
  updated: '2019-02-08T10:00:00-00:00',
  requires: ['subnet_allocation'],
});
