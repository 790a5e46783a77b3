import { unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { serviceTypes } from '../validators/service-types.ts';

/** Subnets that give addresses only to ports of some owners. The reference has rules for it and never asks them. */
export const subnetServiceTypes = defineExtension({
  alias: 'subnet-service-types',
  name: 'Subnet service types',
  description: 'Provides ability to set the subnet service_types field',
  updated: '2016-03-15T18:00:00-00:00',
  attributes: {
    subnet: {
      service_types: unspecified(serviceTypes, { put: true }),
    },
  },
});
