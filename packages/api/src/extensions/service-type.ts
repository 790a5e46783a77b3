import { defineExtension } from '../define.ts';

/** Who provides services above networks. */
export const serviceType = defineExtension({
  alias: 'service-type',
  name: 'Neutron Service Type Management',
  description: 'API for retrieving service providers for Neutron advanced services',
  updated: '2013-01-20T00:00:00-00:00',
});
