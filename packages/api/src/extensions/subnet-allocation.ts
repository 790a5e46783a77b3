import { defineExtension } from '../define.ts';

/** Subnet pools, and subnets out of them. */
export const subnetAllocation = defineExtension({
  alias: 'subnet_allocation',
  name: 'Subnet Allocation',
  description: 'Enables allocation of subnets from a subnet pool',
  updated: '2015-03-30T10:00:00-00:00',
});
