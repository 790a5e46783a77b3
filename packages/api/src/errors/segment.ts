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

/** 503: segments were free, but others took each one first. */
export const NoNetworkFoundInMaximumAllowedAttempts = defineError<void>(
  503,
  'NoNetworkFoundInMaximumAllowedAttempts',
  () => 'Unable to create the network. No available network found in maximum allowed attempts.',
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
