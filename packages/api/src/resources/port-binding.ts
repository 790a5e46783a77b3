import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { ADMIN_OR_SERVICE } from '../policy-rules.ts';
import { owner } from '../standard-attributes.ts';
import { bindingProfile, dict } from '../validators/dict.ts';
import { requiredHost, vnicType } from '../validators/port-binding.ts';
import { string } from '../validators/string.ts';
import { oneOf } from '../validators/values.ts';

/**
 * A binding of a port to one host, `/ports/{port_id}/bindings/{host}`. One binding of a port is ACTIVE; the others are
 * prepared for a live migration. The reference has no rule for its update and falls back to one that only an admin
 * passes; the newest reference leaves binding to services only, older ones to administrators too: here both may.
 */
export const portBinding = defineResource({
  name: 'binding',
  collection: 'bindings',
  path: 'bindings',
  alias: 'binding-extended',
  operations: ['list', 'show', 'create', 'update', 'delete'],
  memberOf: { resource: 'port', parameter: 'port_id' },
  key: 'host',
  policyName: 'port_binding',
  actions: { activate: { method: 'PUT', path: 'activate', policy: 'activate' } },
  attributes: {
    host: required(requiredHost, { put: true, filter: true, sort: true }),
    vif_type: readOnly(string(64), { filter: true }),
    vif_details: readOnly(dict),
    vnic_type: optional(vnicType, { put: true, initial: 'normal', filter: true }),
    profile: unspecified(bindingProfile, { put: true }),
    status: readOnly(oneOf(['ACTIVE', 'INACTIVE']), { filter: true }),
    project_id: { ...owner.project_id, filter: false, sort: false },
  },
  rules: {
    get_port_binding: ADMIN_OR_SERVICE,
    create_port_binding: ADMIN_OR_SERVICE,
    update_port_binding: ADMIN_OR_SERVICE,
    delete_port_binding: ADMIN_OR_SERVICE,
    activate: ADMIN_OR_SERVICE,
  },
});

export type PortBinding = ResourceOf<typeof portBinding>;
