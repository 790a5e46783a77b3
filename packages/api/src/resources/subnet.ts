import { optional, readOnly, required, unspecified } from '../attribute.ts';
import { defineResource, type ResourceOf } from '../define.ts';
import { defaultSubnetpools } from '../extensions/default-subnetpools.ts';
import { segmentExtension } from '../extensions/segment.ts';
import { standardAttrTag } from '../extensions/standard-attr-tag.ts';
import { subnetDnsPublishFixedIp } from '../extensions/subnet-dns-publish-fixed-ip.ts';
import { subnetExternalNetwork } from '../extensions/subnet-external-network.ts';
import { subnetServiceTypes } from '../extensions/subnet-service-types.ts';
import {
  ADMIN,
  ADMIN_OR_NET_OWNER_MEMBER,
  ADMIN_OR_NET_OWNER_READER,
  or,
  PROJECT_MEMBER,
  PROJECT_READER,
  SERVICE,
  SHARED,
} from '../policy-rules.ts';
import { identity, NAME_LENGTH, owner, standardAttributes } from '../standard-attributes.ts';
import { boolean } from '../validators/boolean.ts';
import { cidr } from '../validators/cidr.ts';
import { integer, oneOfIntegers } from '../validators/integer.ts';
import { ipAddressOrNull } from '../validators/ip-address.ts';
import { nameString } from '../validators/string.ts';
import { allocationPools, hostRoutes, nameservers } from '../validators/subnet-values.ts';
import { subnetPoolIdOrNull, uuid } from '../validators/uuid.ts';
import { oneOf, orNullWhenStored } from '../validators/values.ts';

/** How addresses of an IPv6 subnet come about, or who sends its router advertisements. */
export const IPV6_MODES = ['dhcpv6-stateful', 'dhcpv6-stateless', 'slaac'] as const;

const ipv6Mode = orNullWhenStored(oneOf(IPV6_MODES));
const WRITER = or(PROJECT_MEMBER, ADMIN_OR_NET_OWNER_MEMBER);

/** A block of addresses of a network. */
export const subnet = defineResource({
  name: 'subnet',
  collection: 'subnets',
  path: 'subnets',
  alias: 'core',
  operations: ['list', 'show', 'create', 'bulk', 'update', 'delete'],
  taggable: true,
  parent: { resource: 'network', attribute: 'network_id' },
  quota: { name: 'subnet', limit: 100 },
  extraFilters: ['changed_since'],
  attributes: {
    ...identity,
    name: optional(nameString(NAME_LENGTH), { put: true, initial: '', filter: true, sort: true }),
    ...owner,
    network_id: required(uuid, { put: false, filter: true, sort: true }),
    ip_version: required(oneOfIntegers([4, 6]), { put: false, filter: true, sort: true }),
    subnetpool_id: unspecified(subnetPoolIdOrNull, { put: false, filter: true, sort: true }),
    prefixlen: unspecified(integer(0, 128), { put: false, visible: false }),
    cidr: unspecified(cidr, { put: false, filter: true, sort: true }),
    gateway_ip: unspecified(ipAddressOrNull, {
      put: true,
      filter: true,
      sort: true,
      description: 'Null: no gateway. Not given: the first address of the prefix.',
    }),
    allocation_pools: unspecified(allocationPools, { put: true }),
    dns_nameservers: unspecified(nameservers, { put: true }),
    host_routes: unspecified(hostRoutes, { put: true }),
    enable_dhcp: optional(boolean, { put: true, initial: true, filter: true, sort: true }),
    ipv6_ra_mode: unspecified(ipv6Mode, { put: false, filter: true, sort: true }),
    ipv6_address_mode: unspecified(ipv6Mode, { put: false, filter: true, sort: true }),
    shared: readOnly(boolean, {
      visible: false,
      filter: true,
      description: 'Whether its network is shared.',
    }),
    ...defaultSubnetpools.attributes.subnet,
    ...subnetServiceTypes.attributes.subnet,
    ...segmentExtension.attributes.subnet,
    ...subnetDnsPublishFixedIp.attributes.subnet,
    ...subnetExternalNetwork.attributes.subnet,
    ...standardAttributes,
    ...standardAttrTag.attributes.standard,
  },
  rules: {
    create_subnet: ADMIN_OR_NET_OWNER_MEMBER,
    'create_subnet:segment_id': ADMIN,
    'create_subnet:tags': WRITER,
    get_subnet: or(PROJECT_READER, SHARED, 'rule:external_network', ADMIN_OR_NET_OWNER_READER, SERVICE),
    'get_subnet:segment_id': ADMIN,
    'get_subnet:tags': or(PROJECT_READER, SHARED, 'rule:external_network', ADMIN_OR_NET_OWNER_READER),
    update_subnet: WRITER,
    'update_subnet:segment_id': ADMIN,
    'update_subnet:tags': WRITER,
    delete_subnet: WRITER,
    'delete_subnet:tags': WRITER,
  },
});

export type Subnet = ResourceOf<typeof subnet>;
