import { optional, readOnly, required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER, FALLBACK } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { nameString, string } from '../validators/string.ts';
import { subPorts } from '../validators/sub-ports.ts';
import { uuid } from '../validators/uuid.ts';

/** A parent port through which a machine reaches other ports, each under a VLAN tag. */
export const trunk = defineResource({
  name: 'trunk',
  collection: 'trunks',
  path: 'trunks',
  alias: 'trunk',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'trunk', limit: -1 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    admin_state_up: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    port_id: required(uuid, { put: false, filter: true, sort: true, description: 'The parent.' }),
    status: readOnly(string(16), {
      filter: true,
      sort: true,
      description: 'ACTIVE, DOWN, BUILD, DEGRADED or ERROR.',
    }),
    sub_ports: optional(subPorts, {
      put: false,
      initial: [],
      policy: true,
      subPolicy: ['port_id', 'segmentation_type', 'segmentation_id'],
    }),
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  actions: {
    add_subports: { method: 'PUT', path: 'add_subports', policy: 'add_subports' },
    remove_subports: { method: 'PUT', path: 'remove_subports', policy: 'remove_subports' },
    get_subports: { method: 'GET', path: 'get_subports', policy: 'get_subports' },
  },
  rules: {
    create_trunk: ADMIN_OR_PROJECT_MEMBER,
    'create_trunk:sub_ports': FALLBACK,
    'create_trunk:sub_ports:port_id': FALLBACK,
    'create_trunk:sub_ports:segmentation_type': FALLBACK,
    'create_trunk:sub_ports:segmentation_id': FALLBACK,
    'create_trunk:tags': ADMIN_OR_PROJECT_MEMBER,
    get_trunk: ADMIN_OR_PROJECT_READER,
    'get_trunk:tags': ADMIN_OR_PROJECT_READER,
    update_trunk: ADMIN_OR_PROJECT_MEMBER,
    'update_trunk:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_trunk: ADMIN_OR_PROJECT_MEMBER,
    'delete_trunk:tags': ADMIN_OR_PROJECT_MEMBER,
    get_subports: ADMIN_OR_PROJECT_READER,
    add_subports: ADMIN_OR_PROJECT_MEMBER,
    remove_subports: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type Trunk = ResourceOf<typeof trunk>;
