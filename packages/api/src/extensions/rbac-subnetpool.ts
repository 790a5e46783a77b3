import { defineExtension } from '../define.ts';

/** Subnet pools may be granted to other projects. */
export const rbacSubnetpool = defineExtension({
  alias: 'rbac-subnetpool',
  name: 'Add subnetpool type to RBAC',
  description: 'Add subnetpool type to RBAC',
  updated: '2020-02-05T00:00:00-00:00',
  requires: ['rbac-policies', 'rbac-address-scope'],
});
