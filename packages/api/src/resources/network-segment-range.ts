import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { ADMIN } from '../policy-rules.ts';
import { identity, NAME_LENGTH, PROJECT_ID_LENGTH, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { integer } from '../validators/integer.ts';
import { freeIds, usedIds } from '../validators/segment-usage.ts';
import { nameString, string } from '../validators/string.ts';
import { oneOf, orNullWhenStored } from '../validators/values.ts';

const PHYSICAL_NETWORK_LENGTH = 64;
/** Types of networks whose segments have an id to choose. */
export const SEGMENT_RANGE_TYPES = ['vlan', 'vxlan', 'gre', 'geneve'] as const;
/** The largest key of any type, that of GRE (RFC 2890). */
const segmentationId = integer(1, 2 ** 32 - 1);

/** Segmentation ids that networks may get: those of all projects, or those of one that others do not get. */
export const networkSegmentRange = defineResource({
  name: 'network_segment_range',
  collection: 'network_segment_ranges',
  path: 'network-segment-ranges',
  // What its documents and its clients name.
  otherPath: 'network_segment_ranges',
  alias: 'network-segment-range',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    default: readOnly(boolean, { filter: true, description: 'It comes from the configuration.' }),
    shared: optional(boolean, { put: false, initial: true, filter: true }),
    project_id: unspecified(orNullWhenStored(string(PROJECT_ID_LENGTH)), {
      put: false,
      filter: true,
      sort: true,
      description: 'For whom a range that is not shared is set aside.',
    }),
    network_type: required(oneOf(SEGMENT_RANGE_TYPES), { put: false, filter: true, sort: true }),
    physical_network: optional(string(PHYSICAL_NETWORK_LENGTH), {
      put: false,
      initial: '',
      filter: true,
      sort: true,
    }),
    minimum: required(segmentationId, { put: true, filter: true, sort: true }),
    maximum: required(segmentationId, { put: true, filter: true, sort: true }),
    used: readOnly(usedIds),
    available: readOnly(freeIds),
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_network_segment_range: ADMIN,
    'create_network_segment_range:tags': ADMIN,
    get_network_segment_range: ADMIN,
    'get_network_segment_range:tags': ADMIN,
    update_network_segment_range: ADMIN,
    'update_network_segment_range:tags': ADMIN,
    delete_network_segment_range: ADMIN,
    'delete_network_segment_range:tags': ADMIN,
  },
});

export type NetworkSegmentRange = ResourceOf<typeof networkSegmentRange>;
