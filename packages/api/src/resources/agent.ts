import { readOnly, updateOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { availabilityZone } from '../extensions/availability-zone.ts';
import { ADMIN } from '../policy-rules.ts';
import { boolean } from '../validators/boolean.ts';
import { dict } from '../validators/dict.ts';
import { string, stringOrNull } from '../validators/string.ts';

/** `YYYY-MM-DD HH:MM:SS`, UTC. */
const TIME_LENGTH = 19;

/** A chassis, or a service on it, as the Southbound database knows it. */
export const agent = defineResource({
  name: 'agent',
  collection: 'agents',
  path: 'agents',
  alias: 'agent',
  operations: ['list', 'show', 'update', 'delete'],
  actions: { l3_routers: { method: 'GET', path: 'l3-routers', policy: 'get_l3-routers' } },
  attributes: {
    // Mostly a UUID; whoever starts a chassis gives it its name.
    id: readOnly(string(255), { filter: true, sort: true }),
    agent_type: readOnly(string(255), { filter: true, sort: true }),
    binary: readOnly(string(255), { filter: true, sort: true }),
    topic: readOnly(string(255), { filter: true, sort: true }),
    host: readOnly(string(255), { filter: true, sort: true }),
    admin_state_up: updateOnly(boolean, { filter: true, sort: true }),
    alive: readOnly(boolean, { filter: true, sort: true }),
    created_at: readOnly(stringOrNull(TIME_LENGTH), { sort: true }),
    started_at: readOnly(stringOrNull(TIME_LENGTH), { sort: true }),
    heartbeat_timestamp: readOnly(stringOrNull(TIME_LENGTH), { sort: true }),
    configurations: readOnly(dict),
    description: updateOnly(stringOrNull(255), { filter: true, sort: true }),
    ...availabilityZone.attributes.agent,
  },
  rules: {
    get_agent: ADMIN,
    update_agent: ADMIN,
    delete_agent: ADMIN,
    'get_l3-routers': ADMIN,
  },
});

export type Agent = ResourceOf<typeof agent>;
