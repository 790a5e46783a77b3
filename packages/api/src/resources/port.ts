import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { allowedAddressPairs } from '../extensions/allowed-address-pairs.ts';
import { binding } from '../extensions/binding.ts';
import { dataPlaneStatus } from '../extensions/data-plane-status.ts';
import { dnsDomainPorts } from '../extensions/dns-domain-ports.ts';
import { dnsIntegration } from '../extensions/dns-integration.ts';
import { extraDhcpOpt } from '../extensions/extra-dhcp-opt.ts';
import { ipAllocation } from '../extensions/ip-allocation.ts';
import { portDeviceProfile } from '../extensions/port-device-profile.ts';
import { portHardwareOffloadType } from '../extensions/port-hardware-offload-type.ts';
import { portMacAddressRegenerate } from '../extensions/port-mac-address-regenerate.ts';
import { portNumaAffinityPolicySocket } from '../extensions/port-numa-affinity-policy-socket.ts';
import { portResourceRequest } from '../extensions/port-resource-request.ts';
import { portSecurity } from '../extensions/port-security.ts';
import { portTrustedVif } from '../extensions/port-trusted-vif.ts';
import { qos } from '../extensions/qos.ts';
import { qosPortNetworkPolicy } from '../extensions/qos-port-network-policy.ts';
import { securityGroup } from '../extensions/security-group.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { trunkDetails } from '../extensions/trunk-details.ts';
import { uplinkStatusPropagationUpdatable } from '../extensions/uplink-status-propagation-updatable.ts';
import {
  ADMIN,
  ADMIN_OR_NET_OWNER_MEMBER,
  ADMIN_OR_NET_OWNER_READER,
  ADMIN_OR_PROJECT_MEMBER,
  ADMIN_OR_PROJECT_READER,
  ADMIN_OR_SERVICE,
  ADVSVC,
  FALLBACK,
  NET_OWNER_MANAGER,
  NET_OWNER_MEMBER,
  NET_OWNER_READER,
  or,
  PROJECT_MEMBER,
  PROJECT_READER,
  SERVICE,
  SHARED,
} from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { fixedIps } from '../validators/fixed-ips.ts';
import { nameString, string } from '../validators/string.ts';
import { uuid } from '../validators/uuid.ts';

const DEVICE_LENGTH = 255;
const NET_OWNER = or(ADMIN_OR_SERVICE, NET_OWNER_MEMBER);
const NET_OWNER_OR_SHARED = or(NET_OWNER, SHARED);
const MEMBER_OR_SERVICE = or(ADMIN_OR_PROJECT_MEMBER, SERVICE);
const PAIRS = or(ADMIN_OR_NET_OWNER_MEMBER, SERVICE);
const DEVICE_OWNER = or('not rule:network_device', NET_OWNER);

/** Where something plugs into a network. */
export const port = defineResource({
  name: 'port',
  collection: 'ports',
  path: 'ports',
  alias: 'core',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  actions: { timeline: { method: 'GET', path: 'timeline', policy: 'get_port_timeline' } },
  taggable: true,
  parent: { resource: 'network', attribute: 'network_id' },
  quota: { name: 'port', limit: 500 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    network_id: required(uuid, { put: false, filter: true, sort: true }),
    admin_state_up: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    status: readOnly(string(16), { filter: true, sort: true, description: 'ACTIVE, DOWN, BUILD or ERROR.' }),
    ...portMacAddressRegenerate.attributes.port,
    fixed_ips: unspecified(fixedIps, {
      put: true,
      filter: true,
      policy: true,
      subPolicy: ['ip_address', 'subnet_id'],
    }),
    device_id: optional(string(DEVICE_LENGTH), {
      put: true,
      initial: '',
      filter: true,
      sort: true,
      policy: true,
    }),
    device_owner: optional(string(DEVICE_LENGTH), {
      put: true,
      initial: '',
      filter: true,
      sort: true,
      policy: true,
    }),
    ...securityGroup.attributes.port,
    ...portSecurity.attributes.port,
    ...allowedAddressPairs.attributes.port,
    ...extraDhcpOpt.attributes.port,
    ...dnsIntegration.attributes.port,
    ...dnsDomainPorts.attributes.port,
    ...portDeviceProfile.attributes.port,
    ...portNumaAffinityPolicySocket.attributes.port,
    ...portHardwareOffloadType.attributes.port,
    ...portTrustedVif.attributes.port,
    ...uplinkStatusPropagationUpdatable.attributes.port,
    ...dataPlaneStatus.attributes.port,
    ...binding.attributes.port,
    ...trunkDetails.attributes.port,
    ...qos.attributes.port,
    ...qosPortNetworkPolicy.attributes.port,
    ...portResourceRequest.attributes.port,
    ...ipAllocation.attributes.port,
    ...standardAttributes,
    ...standardAttrTag.attributes.port,
  },
  rules: {
    create_port: NET_OWNER_OR_SHARED,
    'create_port:device_id': MEMBER_OR_SERVICE,
    'create_port:device_owner': DEVICE_OWNER,
    'create_port:mac_address': NET_OWNER,
    'create_port:fixed_ips': NET_OWNER_OR_SHARED,
    'create_port:fixed_ips:ip_address': NET_OWNER,
    'create_port:fixed_ips:subnet_id': NET_OWNER_OR_SHARED,
    'create_port:port_security_enabled': NET_OWNER,
    'create_port:binding:host_id': ADMIN_OR_SERVICE,
    'create_port:binding:profile': ADMIN_OR_SERVICE,
    'create_port:binding:vnic_type': MEMBER_OR_SERVICE,
    'create_port:allowed_address_pairs': PAIRS,
    'create_port:allowed_address_pairs:mac_address': PAIRS,
    'create_port:allowed_address_pairs:ip_address': PAIRS,
    'create_port:hardware_offload_type': FALLBACK,
    'create_port:qos_policy_id': FALLBACK,
    'create_port:trusted': ADMIN,
    'create_port:tags': or(ADMIN_OR_PROJECT_MEMBER, ADVSVC),
    get_port: or(ADMIN_OR_SERVICE, NET_OWNER_READER, PROJECT_READER),
    'get_port:binding:vif_type': ADMIN_OR_SERVICE,
    'get_port:binding:vif_details': ADMIN_OR_SERVICE,
    'get_port:binding:host_id': ADMIN_OR_SERVICE,
    'get_port:binding:profile': ADMIN_OR_SERVICE,
    'get_port:resource_request': ADMIN,
    'get_port:trusted': ADMIN,
    get_port_timeline: ADMIN_OR_PROJECT_READER,
    'get_port:tags': or(ADVSVC, ADMIN_OR_NET_OWNER_READER, PROJECT_READER),
    update_port: or(ADMIN_OR_SERVICE, PROJECT_MEMBER),
    'update_port:device_id': MEMBER_OR_SERVICE,
    'update_port:device_owner': DEVICE_OWNER,
    'update_port:mac_address': or(ADMIN_OR_SERVICE, NET_OWNER_MANAGER),
    'update_port:fixed_ips': NET_OWNER,
    'update_port:fixed_ips:ip_address': NET_OWNER,
    'update_port:fixed_ips:subnet_id': NET_OWNER_OR_SHARED,
    'update_port:port_security_enabled': NET_OWNER,
    'update_port:binding:host_id': ADMIN_OR_SERVICE,
    'update_port:binding:profile': ADMIN_OR_SERVICE,
    'update_port:binding:vnic_type': or(ADMIN_OR_SERVICE, PROJECT_MEMBER),
    'update_port:allowed_address_pairs': PAIRS,
    'update_port:allowed_address_pairs:mac_address': PAIRS,
    'update_port:allowed_address_pairs:ip_address': PAIRS,
    'update_port:qos_policy_id': FALLBACK,
    'update_port:trusted': ADMIN,
    'update_port:data_plane_status': or(ADMIN, 'role:data_plane_integrator'),
    'update_port:tags': or(ADMIN_OR_PROJECT_MEMBER, ADVSVC),
    delete_port: or(NET_OWNER, PROJECT_MEMBER),
    'delete_port:tags': or(ADVSVC, PROJECT_MEMBER, ADMIN_OR_NET_OWNER_MEMBER),
  },
});

export type Port = ResourceOf<typeof port>;
