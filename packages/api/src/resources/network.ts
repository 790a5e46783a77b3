import { optional, readOnly } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { addressScope } from '../extensions/address-scope.ts';
import { autoAllocatedTopology } from '../extensions/auto-allocated-topology.ts';
import { dnsIntegration } from '../extensions/dns-integration.ts';
import { externalNet } from '../extensions/external-net.ts';
import { l2Adjacency } from '../extensions/l2-adjacency.ts';
import { multiProvider } from '../extensions/multi-provider.ts';
import { netMtuWritable } from '../extensions/net-mtu-writable.ts';
import { networkAvailabilityZone } from '../extensions/network-availability-zone.ts';
import { portSecurity } from '../extensions/port-security.ts';
import { provider } from '../extensions/provider.ts';
import { qos } from '../extensions/qos.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { vlanTransparent } from '../extensions/vlan-transparent.ts';
import {
  ADMIN,
  ADMIN_OR_PROJECT_MEMBER,
  ADMIN_OR_PROJECT_READER,
  ADVSVC,
  FALLBACK,
  or,
  SERVICE,
  SHARED,
} from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { nameString, string } from '../validators/string.ts';
import { uuidList } from '../validators/uuid.ts';

/** A layer 2 network. */
export const network = defineResource({
  name: 'network',
  collection: 'networks',
  path: 'networks',
  alias: 'core',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  quota: { name: 'network', limit: 100 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    admin_state_up: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    status: readOnly(string(16), { filter: true, sort: true, description: 'ACTIVE, DOWN, BUILD or ERROR.' }),
    subnets: readOnly(uuidList),
    shared: optional(boolean, { put: true, initial: false, filter: true, policy: true }),
    ...externalNet.attributes.network,
    ...autoAllocatedTopology.attributes.network,
    ...l2Adjacency.attributes.network,
    ...provider.attributes.network,
    ...multiProvider.attributes.network,
    ...netMtuWritable.attributes.network,
    ...addressScope.attributes.network,
    ...vlanTransparent.attributes.network,
    ...portSecurity.attributes.network,
    ...networkAvailabilityZone.attributes.network,
    ...qos.attributes.network,
    ...dnsIntegration.attributes.network,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_network: ADMIN_OR_PROJECT_MEMBER,
    'create_network:shared': ADMIN,
    'create_network:router:external': ADMIN,
    'create_network:is_default': ADMIN,
    'create_network:port_security_enabled': ADMIN_OR_PROJECT_MEMBER,
    'create_network:segments': ADMIN,
    'create_network:segments:provider:network_type': FALLBACK,
    'create_network:segments:provider:physical_network': FALLBACK,
    'create_network:segments:provider:segmentation_id': FALLBACK,
    'create_network:provider:network_type': ADMIN,
    'create_network:provider:physical_network': ADMIN,
    'create_network:provider:segmentation_id': ADMIN,
    'create_network:mtu': FALLBACK,
    'create_network:qos_policy_id': FALLBACK,
    'create_network:tags': ADMIN_OR_PROJECT_MEMBER,
    get_network: or(ADMIN_OR_PROJECT_READER, SERVICE, SHARED, 'rule:external', ADVSVC),
    'get_network:segments': ADMIN,
    'get_network:provider:network_type': ADMIN,
    'get_network:provider:physical_network': ADMIN,
    'get_network:provider:segmentation_id': ADMIN,
    'get_network:tags': or(ADMIN_OR_PROJECT_READER, SHARED, 'rule:external', ADVSVC),
    update_network: ADMIN_OR_PROJECT_MEMBER,
    'update_network:segments': ADMIN,
    'update_network:segments:provider:network_type': FALLBACK,
    'update_network:segments:provider:physical_network': FALLBACK,
    'update_network:segments:provider:segmentation_id': FALLBACK,
    'update_network:shared': ADMIN,
    'update_network:provider:network_type': ADMIN,
    'update_network:provider:physical_network': ADMIN,
    'update_network:provider:segmentation_id': ADMIN,
    'update_network:router:external': ADMIN,
    'update_network:is_default': ADMIN,
    'update_network:port_security_enabled': ADMIN_OR_PROJECT_MEMBER,
    'update_network:mtu': FALLBACK,
    'update_network:qos_policy_id': FALLBACK,
    'update_network:tags': ADMIN_OR_PROJECT_MEMBER,
    delete_network: ADMIN_OR_PROJECT_MEMBER,
    'delete_network:tags': ADMIN_OR_PROJECT_MEMBER,
  },
});

export type Network = ResourceOf<typeof network>;
