import { defineExtension } from '../define.ts';

/** Subnets that exist are taken into a subnet pool. */
export const subnetOnboard = defineExtension({
  alias: 'subnet_onboard',
  name: 'Subnet Onboard',
  description: 'Provides support for onboarding subnets into subnet pools',
  updated: '2018-12-18T09:00:00-00:00',
  requires: ['subnet_allocation'],
});
