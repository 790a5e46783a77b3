import { optional, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_PROJECT_MANAGER, ADMIN_OR_PROJECT_READER } from '../policy-rules.ts';
import { identity, PROJECT_ID_LENGTH } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { stringOrNull } from '../validators/string.ts';

/** Whether new groups are stateful where requests do not say. Its singular is its plural. */
export const securityGroupsDefaultStatefulness = defineResource({
  name: 'security_groups_default_statefulness',
  collection: 'security_groups_default_statefulness',
  path: 'security-groups-default-statefulness',
  alias: 'security-groups-default-statefulness',
  operations: ['list', 'show', 'create', 'update', 'delete'],
  attributes: {
    ...identity,
    project_id: unspecified(stringOrNull(PROJECT_ID_LENGTH), {
      put: false,
      filter: true,
      sort: true,
      description: 'Null: it is for every project that has none of its own.',
    }),
    stateful: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
  },
  rules: {
    create_security_groups_default_statefulness: ADMIN_OR_PROJECT_MANAGER,
    get_security_groups_default_statefulness: ADMIN_OR_PROJECT_READER,
    update_security_groups_default_statefulness: ADMIN_OR_PROJECT_MANAGER,
    delete_security_groups_default_statefulness: ADMIN_OR_PROJECT_MANAGER,
  },
});

export type SecurityGroupsDefaultStatefulness = ResourceOf<typeof securityGroupsDefaultStatefulness>;
