import { optional, readOnly, required } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_PROJECT_MANAGER } from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { nameString, string } from '../validators/string.ts';
import { uuidOrNull } from '../validators/uuid.ts';
import { oneOf } from '../validators/values.ts';

/** What of the traffic is logged. */
export const LOG_EVENTS = ['ACCEPT', 'DROP', 'ALL'] as const;

/** What can be logged. */
export const LOGGABLE_TYPES = ['security_group'] as const;

const scope = { put: false, filter: true, sort: true } as const;

/** What hosts write down of traffic: of one group, of the groups of one port, or of all groups of the project. */
export const log = defineResource({
  name: 'log',
  collection: 'logs',
  path: 'log/logs',
  alias: 'logging',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    ...owner,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    resource_type: required(string(255), scope),
    resource_id: optional(uuidOrNull, { ...scope, initial: null, description: 'The security group.' }),
    event: optional(oneOf(LOG_EVENTS), { put: false, initial: 'ALL', filter: true }),
    target_id: optional(uuidOrNull, { ...scope, initial: null, description: 'The port.' }),
    enabled: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    all_projects: readOnly(boolean, {
      visible: false,
      description:
        'Whether it is about the groups of every project: an administrator named neither group nor port.',
    }),
    ...standardAttributes,
  },
  rules: {
    create_log: ADMIN_OR_PROJECT_MANAGER,
    get_log: ADMIN_OR_PROJECT_MANAGER,
    update_log: ADMIN_OR_PROJECT_MANAGER,
    delete_log: ADMIN_OR_PROJECT_MANAGER,
  },
});

export type Log = ResourceOf<typeof log>;

/** A type of resource that can be logged. */
export const loggableResource = defineResource({
  name: 'loggable_resource',
  collection: 'loggable_resources',
  path: 'log/loggable-resources',
  alias: 'logging',
  operations: ['list'],
  key: 'type',
  attributes: { type: readOnly(oneOf(LOGGABLE_TYPES), { filter: true, sort: true }) },
  rules: { get_loggable_resource: ADMIN_OR_PROJECT_MANAGER },
});

export type LoggableResource = ResourceOf<typeof loggableResource>;
