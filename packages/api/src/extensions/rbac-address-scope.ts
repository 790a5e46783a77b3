import { defineExtension } from '../define.ts';

/** Address scopes may be granted to other projects. */
export const rbacAddressScope = defineExtension({
  alias: 'rbac-address-scope',
  name: 'Add address_scope type to RBAC',
  description: 'Add address_scope type to RBAC',
  updated: '2020-02-12T00:00:00-00:00',
  requires: ['rbac-policies', 'address-scope'],
});
