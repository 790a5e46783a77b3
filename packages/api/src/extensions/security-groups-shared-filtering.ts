import { readOnly } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { boolean } from '../validators/boolean.ts';

/** Whether the caller shares a group with others, as an attribute and a filter. */
export const securityGroupsSharedFiltering = defineExtension({
  alias: 'security-groups-shared-filtering',
  name: 'Security group filtering on the shared field',
  description: 'Support filtering security groups on the shared field',
  updated: '2021-10-05T09:00:00-00:00',
  requires: ['rbac-security-groups'],
  attributes: {
    security_group: {
      shared: readOnly(boolean, { filter: true }),
    },
  },
});
