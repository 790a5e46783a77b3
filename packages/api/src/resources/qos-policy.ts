import { optional, readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { qosDefault } from '../extensions/qos-default.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { ADMIN_OR_PROJECT_MANAGER, ADMIN_OR_PROJECT_READER, or } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { qosRules } from '../validators/qos-values.ts';
import { nameString } from '../validators/string.ts';

const READER = or(ADMIN_OR_PROJECT_READER, 'rule:shared_qos_policy');

/** Rules about the traffic of the ports and networks that name it. */
export const qosPolicy = defineResource({
  name: 'policy',
  collection: 'policies',
  path: 'qos/policies',
  alias: 'qos',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    shared: optional(boolean, { put: true, initial: false, filter: true }),
    rules: readOnly(qosRules),
    ...qosDefault.attributes.policy,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    get_policy: READER,
    'get_policy:tags': READER,
    create_policy: ADMIN_OR_PROJECT_MANAGER,
    'create_policy:tags': ADMIN_OR_PROJECT_MANAGER,
    update_policy: ADMIN_OR_PROJECT_MANAGER,
    'update_policy:tags': ADMIN_OR_PROJECT_MANAGER,
    delete_policy: ADMIN_OR_PROJECT_MANAGER,
    'delete_policy:tags': ADMIN_OR_PROJECT_MANAGER,
  },
});

export type QosPolicy = ResourceOf<typeof qosPolicy>;
