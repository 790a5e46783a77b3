import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { addressScope } from '../extensions/address-scope.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { ADMIN, ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER, or } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { integer, oneOfIntegers } from '../validators/integer.ts';
import { prefixLength } from '../validators/prefix-length.ts';
import { prefixList } from '../validators/prefix-list.ts';
import { notEmptyName } from '../validators/string.ts';
import { orNullWhenStored } from '../validators/values.ts';

const READER = or(ADMIN_OR_PROJECT_READER, 'rule:shared_subnetpools');
const key = { put: true, filter: true, sort: true } as const;

/** Prefixes that subnets are cut out of. */
export const subnetpool = defineResource({
  name: 'subnetpool',
  collection: 'subnetpools',
  path: 'subnetpools',
  alias: 'subnet_allocation',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'subnetpool', limit: -1 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: required(notEmptyName(NAME_LENGTH), key),
    ...owner,
    prefixes: required(prefixList, { put: true }),
    default_quota: unspecified(orNullWhenStored(integer(0)), {
      ...key,
      description: 'What one project may have: IPv4 addresses, or IPv6 prefixes of 64 bits.',
    }),
    ip_version: readOnly(oneOfIntegers([4, 6]), { filter: true, sort: true }),
    default_prefixlen: unspecified(prefixLength, key),
    min_prefixlen: unspecified(prefixLength, key),
    max_prefixlen: unspecified(prefixLength, key),
    is_default: optional(boolean, { ...key, initial: false, policy: true }),
    shared: optional(boolean, { put: false, initial: false, filter: true, policy: true }),
    ...addressScope.attributes.subnetpool,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  actions: {
    add_prefixes: { method: 'PUT', path: 'add_prefixes', policy: 'add_prefixes' },
    remove_prefixes: { method: 'PUT', path: 'remove_prefixes', policy: 'remove_prefixes' },
    onboard_network_subnets: {
      method: 'PUT',
      path: 'onboard_network_subnets',
      policy: 'onboard_network_subnets',
    },
  },
  rules: {
    create_subnetpool: ADMIN_OR_PROJECT_MEMBER,
    'create_subnetpool:shared': ADMIN,
    'create_subnetpool:is_default': ADMIN,
    'create_subnetpool:tags': ADMIN_OR_PROJECT_MEMBER,
    get_subnetpool: READER,
    'get_subnetpool:tags': READER,
    update_subnetpool: ADMIN_OR_PROJECT_MEMBER,
    'update_subnetpool:is_default': ADMIN,
    'update_subnetpool:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_subnetpool: ADMIN_OR_PROJECT_MEMBER,
    'delete_subnetpool:tags': ADMIN_OR_PROJECT_MEMBER,
    onboard_network_subnets: ADMIN_OR_PROJECT_MEMBER,
    add_prefixes: ADMIN_OR_PROJECT_MEMBER,
    remove_prefixes: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type Subnetpool = ResourceOf<typeof subnetpool>;
