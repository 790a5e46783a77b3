import { defineExtension } from '../define.ts';

/** Address groups may be granted to other projects. */
export const rbacAddressGroup = defineExtension({
  alias: 'rbac-address-group',
  name: 'Add address_group type to RBAC',
  description: 'Add address_group type to network RBAC',
  updated: '2021-01-20T00:00:00-00:00',
  requires: ['rbac-policies', 'security-group'],
});
