import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { dnsIntegration } from '../extensions/dns-integration.ts';
import { exposePortForwardingInFip } from '../extensions/expose-port-forwarding-in-fip.ts';
import { fipPortDetails } from '../extensions/fip-port-details.ts';
import { qosFip } from '../extensions/qos-fip.ts';
import { qosFipNetworkPolicy } from '../extensions/qos-fip-network-policy.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import {
  ADMIN_OR_PROJECT_MANAGER,
  ADMIN_OR_PROJECT_MEMBER,
  ADMIN_OR_PROJECT_READER,
  FALLBACK,
} from '../policy-rules.ts';
import { identity, owner, standardAttributes } from '../standard-attributes.ts';
import { ipAddressOrNull } from '../validators/ip-address.ts';
import { string } from '../validators/string.ts';
import { uuid, uuidOrNull } from '../validators/uuid.ts';

/** An address of an external network that leads to a port inside. */
export const floatingIp = defineResource({
  name: 'floatingip',
  collection: 'floatingips',
  path: 'floatingips',
  alias: 'router',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'floatingip', limit: 50 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    ...owner,
    floating_network_id: required(uuid, { put: false, filter: true, sort: true }),
    floating_ip_address: optional(ipAddressOrNull, {
      put: false,
      initial: null,
      filter: true,
      sort: true,
      policy: true,
    }),
    subnet_id: optional(uuidOrNull, { put: false, initial: null, visible: false }),
    port_id: unspecified(uuidOrNull, { put: true, filter: true }),
    fixed_ip_address: unspecified(ipAddressOrNull, { put: true, filter: true, sort: true }),
    router_id: readOnly(uuidOrNull, { filter: true, sort: true }),
    status: readOnly(string(16), { filter: true, sort: true, description: 'ACTIVE, DOWN or ERROR.' }),
    ...fipPortDetails.attributes.floatingip,
    ...exposePortForwardingInFip.attributes.floatingip,
    ...dnsIntegration.attributes.floatingip,
    ...qosFip.attributes.floatingip,
    ...qosFipNetworkPolicy.attributes.floatingip,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_floatingip: ADMIN_OR_PROJECT_MEMBER,
    'create_floatingip:floating_ip_address': ADMIN_OR_PROJECT_MANAGER,
    'create_floatingip:qos_policy_id': FALLBACK,
    'create_floatingip:tags': ADMIN_OR_PROJECT_MEMBER,
    get_floatingip: ADMIN_OR_PROJECT_READER,
    'get_floatingip:tags': ADMIN_OR_PROJECT_READER,
    update_floatingip: ADMIN_OR_PROJECT_MEMBER,
    'update_floatingip:qos_policy_id': FALLBACK,
    'update_floatingip:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_floatingip: ADMIN_OR_PROJECT_MEMBER,
    'delete_floatingip:tags': ADMIN_OR_PROJECT_MEMBER,
  },
});

export type FloatingIp = ResourceOf<typeof floatingIp>;
