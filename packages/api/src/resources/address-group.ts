import { optional, readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER, or } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { prefixList } from '../validators/prefix-list.ts';
import { nameString } from '../validators/string.ts';

/** A named set of prefixes that rules of security groups take as their far end. */
export const addressGroup = defineResource({
  name: 'address_group',
  collection: 'address_groups',
  path: 'address-groups',
  alias: 'address-group',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  sharingHidesWrites: true,
  quota: { name: 'address_group', limit: -1 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    addresses: optional(prefixList, { put: false, initial: [] }),
    shared: readOnly(boolean, { visible: false }),
    ...standardAttributes,
    description: { ...standardAttributes.description, sort: true },
  },
  actions: {
    add_addresses: { method: 'PUT', path: 'add_addresses', policy: 'add_addresses' },
    remove_addresses: { method: 'PUT', path: 'remove_addresses', policy: 'remove_addresses' },
  },
  rules: {
    create_address_group: ADMIN_OR_PROJECT_MEMBER,
    get_address_group: or(ADMIN_OR_PROJECT_READER, 'rule:shared_address_groups'),
    update_address_group: ADMIN_OR_PROJECT_MEMBER,
    delete_address_group: ADMIN_OR_PROJECT_MEMBER,
    add_addresses: ADMIN_OR_PROJECT_MEMBER,
    remove_addresses: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type AddressGroup = ResourceOf<typeof addressGroup>;
