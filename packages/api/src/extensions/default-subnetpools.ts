import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** The default subnet pool of an IP version, and subnets out of it. */
export const defaultSubnetpools = defineExtension({
  alias: 'default-subnetpools',
  name: 'Default Subnetpools',
  description: 'Provides ability to mark and use a subnetpool as the default.',
  updated: '2016-02-18T18:00:00-00:00',
  requires: ['subnet_allocation'],
  attributes: {
    subnet: {
      use_default_subnetpool: optional(boolean, { put: false, initial: false, visible: false }),
    },
  },
});
