import { optional, required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN, ADMIN_OR_PROJECT_MEMBER, or, PROJECT_READER } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { oneOfIntegers } from '../validators/integer.ts';
import { nameString } from '../validators/string.ts';

/** A set of subnet pools whose addresses do not overlap. */
export const addressScope = defineResource({
  name: 'address_scope',
  collection: 'address_scopes',
  path: 'address-scopes',
  alias: 'address-scope',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  quota: { name: 'address_scope', limit: -1 },
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    shared: optional(boolean, { put: true, initial: false, filter: true, policy: true }),
    ip_version: required(oneOfIntegers([4, 6]), { put: false, filter: true, sort: true }),
  },
  rules: {
    create_address_scope: ADMIN_OR_PROJECT_MEMBER,
    'create_address_scope:shared': ADMIN,
    get_address_scope: or(ADMIN, PROJECT_READER, 'rule:shared_address_scopes'),
    update_address_scope: ADMIN_OR_PROJECT_MEMBER,
    'update_address_scope:shared': ADMIN,
    delete_address_scope: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type AddressScope = ResourceOf<typeof addressScope>;
