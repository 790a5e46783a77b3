import { defineExtension } from '../define.ts';

/** Flavors of services, and the profiles that say what they are made of. */
export const flavors = defineExtension({
  alias: 'flavors',
  name: 'Neutron Service Flavors',
  description: 'Flavor specification for Neutron advanced services.',
  updated: '2015-09-17T10:00:00-00:00',
});
