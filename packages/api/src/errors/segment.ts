import { defineError } from '../errors.ts';

/** 409: the VLAN is taken on that physical network. */
export const VlanIdInUse = defineError<{ vlanId: number; physicalNetwork: string }>(
  409,
  'VlanIdInUse',
  (p) =>
    `Unable to create the network. The VLAN ${p.vlanId} on physical network ${p.physicalNetwork} is in use.`,
);

/** 409: a flat network exists on that physical network. */
export const FlatNetworkInUse = defineError<{ physicalNetwork: string }>(
  409,
  'FlatNetworkInUse',
  (p) => `Unable to create the flat network. Physical network ${p.physicalNetwork} is in use.`,
);

/** 409: the tunnel key is taken. */
export const TunnelIdInUse = defineError<{ tunnelId: number }>(
  409,
  'TunnelIdInUse',
  (p) => `Unable to create the network. The tunnel ID ${p.tunnelId} is in use.`,
);

/** 503: no project network type has a free segment. */
export const NoNetworkAvailable = defineError<void>(
  503,
  'NoNetworkAvailable',
  () => 'Unable to create the network. No project network is available for allocation.',
);

/** 404: no such segment. */
export const SegmentNotFound = defineError<{ id: string }>(
  404,
  'SegmentNotFound',
  (p) => `Segment ${p.id} could not be found.`,
);

/** 400: `segments` and `provider:*` in one request. */
export const SegmentsSetInConjunctionWithProviders = defineError<void>(
  400,
  'SegmentsSetInConjunctionWithProviders',
  () => 'Segments and provider values cannot both be set.',
);

/** 400: two equal, fully specified segments in one request. */
export const SegmentsContainDuplicateEntry = defineError<void>(
  400,
  'SegmentsContainDuplicateEntry',
  () => 'Duplicate segment entry in request.',
);

/** 409: subnets or ports hang on the segment. */
export const SegmentInUse = defineError<{ id: string; reason: string }>(
  409,
  'SegmentInUse',
  (p) => `Segment '${p.id}' cannot be deleted: ${p.reason}.`,
);

/** 400: an existing subnet goes to a segment only where there is no choice. */
export const NoUpdateSubnetWhenMultipleSegmentsOnNetwork = defineError<{ networkId: string }>(
  400,
  'NoUpdateSubnetWhenMultipleSegmentsOnNetwork',
  (p) =>
    `The network '${p.networkId}' has multiple segments, it is only possible to associate an existing subnet with a ` +
    'segment on networks with a single segment.',
);

/** 400: either all subnets of a network belong to segments, or none does. */
export const SubnetsNotAllAssociatedWithSegments = defineError<{ networkId: string }>(
  400,
  'SubnetsNotAllAssociatedWithSegments',
  (p) =>
    `All of the subnets on network '${p.networkId}' must either all be associated with segments or all not ` +
    'associated with any segment.',
);

/** 400: a subnet stays with its segment. */
export const SubnetSegmentAssociationChangeNotAllowed = defineError<void>(
  400,
  'SubnetSegmentAssociationChangeNotAllowed',
  () => 'A subnet that is already associated with a segment cannot have its segment association changed.',
);

/** 400: the segment is of another network. */
export const NetworkIdsDontMatch = defineError<{ networkId: string; segmentId: string }>(
  400,
  'NetworkIdsDontMatch',
  (p) =>
    `The subnet's network id, '${p.networkId}', doesn't match the network_id of segment '${p.segmentId}'`,
);

/** 409: none of the network's segments reaches the host. */
export const HostNotConnectedToAnySegment = defineError<{ host: string; networkId: string }>(
  409,
  'HostNotConnectedToAnySegment',
  (p) =>
    `Host ${p.host} is not connected to any segments on routed provider network '${p.networkId}'. It should be ` +
    'connected to one.',
);

/** 409: the port has addresses that mean nothing on that host. */
export const HostNotCompatibleWithFixedIps = defineError<{ host: string; portId: string }>(
  409,
  'HostNotCompatibleWithFixedIps',
  (p) =>
    `Host ${p.host} is not connected to a segment where the existing fixed_ips on port ${p.portId} will function ` +
    'given the routed network topology.',
);

/** 400: a host reaches one segment at a time, so that addresses of two would not both work. */
export const FixedIpsSubnetsNotOnSameSegment = defineError<void>(
  400,
  'FixedIpsSubnetsNotOnSameSegment',
  () => 'Cannot allocate addresses from different segments.',
);
