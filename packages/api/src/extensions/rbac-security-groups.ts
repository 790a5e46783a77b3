import { defineExtension } from '../define.ts';

/** Security groups may be granted to other projects. */
export const rbacSecurityGroups = defineExtension({
  alias: 'rbac-security-groups',
  name: 'Add security_group type to network RBAC',
  description: 'Add security_group type to network RBAC',
  updated: '2019-02-14T00:00:00-00:00',
  requires: ['rbac-policies', 'security-group'],
});
