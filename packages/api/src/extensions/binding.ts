import { optional, readOnly, unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { bindingProfile, dict } from '../validators/dict.ts';
import { hostId, vnicType } from '../validators/port-binding.ts';
import { string } from '../validators/string.ts';

/** Where a port is plugged and how: the active binding as attributes of the port. */
export const binding = defineExtension({
  alias: 'binding',
  name: 'Port Binding',
  description: 'Expose port bindings of a virtual port to external application',
  updated: '2014-02-03T10:00:00-00:00',
  attributes: {
    port: {
      'binding:host_id': unspecified(hostId, { put: true, filter: true, policy: true, readPolicy: true }),
      'binding:vnic_type': optional(vnicType, { put: true, initial: 'normal', policy: true }),
      'binding:profile': unspecified(bindingProfile, { put: true, policy: true, readPolicy: true }),
      'binding:vif_type': readOnly(string(64), { readPolicy: true }),
      'binding:vif_details': readOnly(dict, { readPolicy: true }),
    },
  },
});
