import { required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import {
  ADMIN,
  ADMIN_OR_PROJECT_MEMBER,
  ADMIN_OR_PROJECT_READER,
  FALLBACK,
  NOT_EVERY_PROJECT,
  or,
} from '../policy-rules.ts';
import { identity, owner } from '../standard-attributes.ts';
import { rbacObjectType, targetProject } from '../validators/rbac-values.ts';
import { string } from '../validators/string.ts';
import { uuid } from '../validators/uuid.ts';

const key = { put: false, filter: true, sort: true, policy: true } as const;

/** One grant: `action` on an object to a project or, as `*`, to all. */
export const rbacPolicy = defineResource({
  name: 'rbac_policy',
  collection: 'rbac_policies',
  path: 'rbac-policies',
  alias: 'rbac-policies',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  quota: { name: 'rbac_policy', limit: 10 },
  attributes: {
    ...identity,
    ...owner,
    object_type: required(rbacObjectType, key),
    object_id: required(uuid, key),
    target_tenant: required(targetProject, { ...key, put: true }),
    action: required(string(255), key),
  },
  rules: {
    create_rbac_policy: ADMIN_OR_PROJECT_MEMBER,
    'create_rbac_policy:object_type': FALLBACK,
    'create_rbac_policy:object_id': FALLBACK,
    'create_rbac_policy:action': FALLBACK,
    'create_rbac_policy:target_tenant': or(ADMIN, NOT_EVERY_PROJECT),
    get_rbac_policy: ADMIN_OR_PROJECT_READER,
    update_rbac_policy: ADMIN_OR_PROJECT_MEMBER,
    'update_rbac_policy:target_tenant': or(ADMIN, NOT_EVERY_PROJECT),
    delete_rbac_policy: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type RbacPolicy = ResourceOf<typeof rbacPolicy>;
