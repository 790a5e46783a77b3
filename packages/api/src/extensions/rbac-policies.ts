import { defineExtension } from '../define.ts';

/** Grants of one project's objects to other projects. */
export const rbacPolicies = defineExtension({
  alias: 'rbac-policies',
  name: 'RBAC Policies',
  description: 'Allows creation and modification of policies that control project access to resources.',
  updated: '2015-06-17T12:15:12-00:00',
});
