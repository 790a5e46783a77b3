import { optional, readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uniqueStrings } from '../validators/string.ts';

/** The longest tag, in characters, and how many a resource may carry. */
export const MAX_TAG_LENGTH = 255;
export const MAX_TAGS = 50;

const tagList = uniqueStrings(MAX_TAG_LENGTH);

/** Tags on networks, subnets, ports, security groups, subnet pools, trunks, policies, network segment ranges; the name that clients see lists them. */
export const standardAttrTag = defineExtension({
  alias: 'standard-attr-tag',
  name: 'Tag support for resources with standard attribute: network, subnet, port, router, floatingip, security_group, trunk, policy, subnetpool, network_segment_range',
  description: 'Enables to set tag on resources with standard attribute.',
  updated: '2017-01-01T00:00:00-00:00',
  attributes: {
    standard: {
      tags: readOnly(tagList, { readPolicy: true }),
    },
    port: {
      tags: optional(tagList, { put: false, initial: [], readPolicy: true }),
    },
  },
});
