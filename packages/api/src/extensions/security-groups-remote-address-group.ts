import { optional } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

const remote = optional(uuidOrNull, { put: false, initial: null, filter: true, sort: true });

/** An address group as the far end of a rule. */
export const securityGroupsRemoteAddressGroup = defineExtension({
  alias: 'security-groups-remote-address-group',
  name: 'Remote address group id field for security group rules',
  description: 'Add new field of remote address group id in SG rules',
  updated: '2020-08-25T10:00:00-00:00',
  requires: ['security-group'],
  attributes: {
    security_group_rule: { remote_address_group_id: remote },
    default_security_group_rule: { remote_address_group_id: remote },
  },
});
