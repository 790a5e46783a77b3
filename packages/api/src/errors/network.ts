import { defineError } from '../errors.ts';

/** 404: no such network, or none that the caller may see. */
export const NetworkNotFound = defineError<{ id: string }>(
  404,
  'NetworkNotFound',
  (p) => `Network ${p.id} could not be found.`,
);

/** 409: ports still use the network. */
export const NetworkInUse = defineError<{ id: string; reason?: string }>(
  409,
  'NetworkInUse',
  (p) =>
    `Unable to complete operation on network ${p.id}. ` +
    `${p.reason ?? 'There are one or more ports still in use on the network'}.`,
);

/** 409: other projects use the network, so it cannot stop being shared. */
export const InvalidSharedSetting = defineError<{ network: string }>(
  409,
  'InvalidSharedSetting',
  (p) => `Unable to reconfigure sharing settings for network ${p.network}. Multiple projects are using it.`,
);

/** 409: gateway ports hang on the network, so it cannot stop being external. */
export const ExternalNetworkInUse = defineError<{ id: string }>(
  409,
  'ExternalNetworkInUse',
  (p) =>
    `External network ${p.id} cannot be updated to be made non-external, since it has existing gateway ports.`,
);

/** 409: a subnet of the network needs a larger MTU (IPv6 needs 1280, IPv4 68). */
export const NetworkMTUSubnetConflict = defineError<{ id: string; mtu: number }>(
  409,
  'NetworkMTUSubnetConflict',
  (p) => `MTU of ${p.id} is not valid, subnet requires a minimum of ${p.mtu}`,
);

/** 400: the MTU is larger than the segments of the network carry. */
export const InvalidMTU = defineError<{ mtu: number; maximum: number }>(
  400,
  'InvalidInput',
  (p) => `Invalid input for operation: Requested MTU is too big, maximum is ${p.maximum}.`,
);

/** 400: a mechanism driver cannot carry VLAN tags of guests. */
export const VlanTransparencyDriverError = defineError<void>(
  400,
  'VlanTransparencyDriverError',
  () => 'Backend does not support VLAN Transparency.',
);

/** 404: no gateway or chassis offers this availability zone. */
export const AvailabilityZoneNotFound = defineError<{ zone: string }>(
  404,
  'AvailabilityZoneNotFound',
  (p) => `AvailabilityZone ${p.zone} could not be found.`,
);

/** 409: another network is the default external one. */
export const DefaultExternalNetworkExists = defineError<{ id: string }>(
  409,
  'DefaultExternalNetworkExists',
  (p) => `A default external network already exists: ${p.id}.`,
);
