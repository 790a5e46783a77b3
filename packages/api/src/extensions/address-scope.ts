import { readOnly, unspecified } from '../attribute.ts';
import { defineExtension } from '../define.ts';
import { uuidOrNull } from '../validators/uuid.ts';

/** Addresses that are unique among the subnet pools of a scope. */
export const addressScope = defineExtension({
  alias: 'address-scope',
  name: 'Address scope',
  description: 'Address scopes extension.',
  updated: '2015-07-26T10:00:00-00:00',
  attributes: {
    network: {
      ipv4_address_scope: readOnly(uuidOrNull),
      ipv6_address_scope: readOnly(uuidOrNull),
    },
    subnetpool: {
      address_scope_id: unspecified(uuidOrNull, { put: true, filter: true, sort: true }),
    },
  },
});
