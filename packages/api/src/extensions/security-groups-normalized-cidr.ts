import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { ipPrefixOrNull } from '../validators/cidr.ts';

/** The remote prefix of a rule without host bits. */
export const securityGroupsNormalizedCidr = defineExtension({
  alias: 'security-groups-normalized-cidr',
  name: 'Normalized CIDR field for security group rules',
  description: 'Add new field with normalized remote_ip_prefix cidr in SG rule',
  updated: '2020-07-28T10:00:00-00:00',
  requires: ['security-group'],
  attributes: {
    security_group_rule: {
      normalized_cidr: readOnly(ipPrefixOrNull, { filter: true, sort: true }),
    },
  },
});
