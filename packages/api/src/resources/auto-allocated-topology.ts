import { readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_PROJECT_MEMBER, ADMIN_OR_PROJECT_READER } from '../policy-rules.ts';
import { PROJECT_ID_LENGTH } from '../standard-attributes.ts';
import { string } from '../validators/string.ts';

/** The network that a project gets for the asking, with subnets of the default pools and a router to the outside. */
export const autoAllocatedTopology = defineResource({
  name: 'auto_allocated_topology',
  collection: 'auto_allocated_topologies',
  path: 'auto-allocated-topology',
  alias: 'auto-allocated-topology',
  operations: ['show', 'delete'],
  key: 'project_id',
  attributes: {
    id: readOnly(string(PROJECT_ID_LENGTH), {
      description: 'The id of the network, or how the rehearsal went.',
    }),
    project_id: readOnly(string(PROJECT_ID_LENGTH)),
  },
  rules: {
    get_auto_allocated_topology: ADMIN_OR_PROJECT_READER,
    delete_auto_allocated_topology: ADMIN_OR_PROJECT_MEMBER,
  },
});

export type AutoAllocatedTopology = ResourceOf<typeof autoAllocatedTopology>;
