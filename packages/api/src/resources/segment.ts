import { optional, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN } from '../policy-rules.ts';
import { identity, NAME_LENGTH, standardAttributes } from '../standard-attributes.ts';
import { integer } from '../validators/integer.ts';
import { nameStringOrNull, string, stringOrNull } from '../validators/string.ts';
import { uuid } from '../validators/uuid.ts';
import { orNullWhenStored } from '../validators/values.ts';

const TYPE_LENGTH = 32;
const PHYSICAL_NETWORK_LENGTH = 64;
const KEY = { put: false, filter: true, sort: true } as const;

/** A piece of a network that is one broadcast domain: all of it, or what some hosts reach. */
export const segment = defineResource({
  name: 'segment',
  collection: 'segments',
  path: 'segments',
  alias: 'segment',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    network_id: required(uuid, KEY),
    name: optional(nameStringOrNull(NAME_LENGTH), { ...KEY, put: true, initial: null }),
    network_type: required(string(TYPE_LENGTH), KEY),
    physical_network: optional(stringOrNull(PHYSICAL_NETWORK_LENGTH), { ...KEY, initial: null }),
    segmentation_id: unspecified(orNullWhenStored(integer(0, 2 ** 31 - 1)), KEY),
    ...standardAttributes,
  },
  rules: {
    create_segment: ADMIN,
    get_segment: ADMIN,
    update_segment: ADMIN,
    delete_segment: ADMIN,
  },
});

export type NetworkSegmentResource = ResourceOf<typeof segment>;
