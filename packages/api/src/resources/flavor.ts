import { optional, required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN, READER } from '../policy-rules.ts';
import { identity, NAME_LENGTH } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { nameString, string } from '../validators/string.ts';
import { uuidList } from '../validators/uuid.ts';
import { oneOf } from '../validators/values.ts';

const LONG_DESCRIPTION_LENGTH = 1024;
const METAINFO_LENGTH = 4095;
const KEY = { put: true, filter: true, sort: true } as const;
const description = optional(string(LONG_DESCRIPTION_LENGTH), { ...KEY, initial: '' });
const enabled = optional(boolean, { ...KEY, initial: true });

/** Services that a flavor may be of, by the reference's names of their plugins. */
const SERVICE_TYPES = [
  'CORE',
  'L3_ROUTER_NAT',
  'FLAVORS',
  'QOS',
  'PORTFORWARDING',
  'FLOATINGIPPOOL',
  'NETWORK_SEGMENT_RANGE',
  'trunk',
] as const;

/** A kind of service that users may choose without knowing what provides it. */
export const flavor = defineResource({
  name: 'flavor',
  collection: 'flavors',
  path: 'flavors',
  alias: 'flavors',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { ...KEY, initial: '' }),
    description,
    service_type: required(oneOf(SERVICE_TYPES), { put: false, filter: true, sort: true }),
    enabled,
    service_profiles: optional(uuidList, { put: true, initial: [] }),
  },
  actions: {
    bind_service_profile: {
      method: 'POST',
      path: 'service_profiles',
      policy: 'create_flavor_service_profile',
    },
    unbind_service_profile: {
      method: 'DELETE',
      path: 'service_profiles/{profile_id}',
      policy: 'delete_flavor_service_profile',
    },
  },
  rules: {
    create_flavor: ADMIN,
    get_flavor: READER,
    update_flavor: ADMIN,
    delete_flavor: ADMIN,
    create_flavor_service_profile: ADMIN,
    delete_flavor_service_profile: ADMIN,
  },
});

/** What a flavor is made of: the driver that provides it, and what that driver is to know. */
export const serviceProfile = defineResource({
  name: 'service_profile',
  collection: 'service_profiles',
  path: 'service_profiles',
  alias: 'flavors',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  attributes: {
    ...identity,
    description,
    driver: optional(string(LONG_DESCRIPTION_LENGTH), { ...KEY, initial: '' }),
    metainfo: optional(string(METAINFO_LENGTH), { put: true, sort: true, initial: '' }),
    enabled,
  },
  rules: {
    create_service_profile: ADMIN,
    get_service_profile: ADMIN,
    update_service_profile: ADMIN,
    delete_service_profile: ADMIN,
  },
});

export type Flavor = ResourceOf<typeof flavor>;
export type ServiceProfile = ResourceOf<typeof serviceProfile>;
