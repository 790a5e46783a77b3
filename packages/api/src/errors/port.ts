import { display } from '../display.ts';
import { defineError } from '../errors.ts';

/** 404: no such port, or none that the caller may see. */
export const PortNotFound = defineError<{ id: string }>(
  404,
  'PortNotFound',
  (p) => `Port ${p.id} could not be found.`,
);

/** 409: the port is attached to a device. */
export const PortInUse = defineError<{ id: string; networkId: string; deviceId: string }>(
  409,
  'PortInUse',
  (p) =>
    `Unable to complete operation on port ${p.id} for network ${p.networkId}. ` +
    `Port already has an attached device ${p.deviceId}.`,
);

/** 409: a service (router, DHCP, …) owns the port, so the port API may not delete it. */
export const ServicePortInUse = defineError<{ id: string; reason: string }>(
  409,
  'ServicePortInUse',
  (p) => `Port ${p.id} cannot be deleted directly via the port API: ${p.reason}.`,
);

/** 409: a bound port cannot change its MAC address. */
export const PortBound = defineError<{ id: string; vifType: string; oldMac: string; newMac: string }>(
  409,
  'PortBound',
  (p) =>
    `Unable to complete operation on port ${p.id}, port is already bound, port type: ${p.vifType}, ` +
    `old_mac ${p.oldMac}, new_mac ${p.newMac}.`,
);

/** 409: a bound port cannot change where it is with the memory of its machine. */
export const PortBoundNUMAAffinityPolicy = defineError<{ id: string; host: string; policy: string | null }>(
  409,
  'PortBoundNUMAAffinityPolicy',
  (p) =>
    `Unable to complete operation on port ${p.id}, port is already bound to host ${p.host}, ` +
    `numa_affinity_policy value given ${display(p.policy)}.`,
);

/** 400: OVN lets no packet out with this MAC address. */
export const InvalidVirtualMACAddress = defineError<{ mac: string }>(
  400,
  'InvalidVirtualMACAddress',
  (p) =>
    `Virtual MAC address ${p.mac} in allowed address pair does not belong to the RFC 5798 VRRP virtual MAC ranges ` +
    '(00:00:5e:00:01:XX for IPv4 or 00:00:5e:00:02:XX for IPv6).',
);

/** 409: the operation is not meant for ports of this owner. */
export const UnsupportedPortDeviceOwner = defineError<{ op: string; id: string; deviceOwner: string }>(
  409,
  'UnsupportedPortDeviceOwner',
  (p) => `Operation ${p.op} is not supported for device_owner ${p.deviceOwner} on port ${p.id}.`,
);

/** 409: `device_id` names a router of another project. */
export const DeviceIDNotOwnedByTenant = defineError<{ deviceId: string }>(
  409,
  'DeviceIDNotOwnedByTenant',
  (p) =>
    `The following device_id ${p.deviceId} is not owned by your project or matches another project router.`,
);

/** 409: security groups forbid turning port security or all addresses off. */
export const PortSecurityPortHasSecurityGroup = defineError<void>(
  409,
  'PortSecurityPortHasSecurityGroup',
  () =>
    'Port has security group associated. Cannot disable port security or IP address until security group is removed.',
);

/** 400: security groups were asked for on a port without port security or without an address. */
export const PortSecurityAndIPRequiredForSecurityGroups = defineError<void>(
  400,
  'PortSecurityAndIPRequiredForSecurityGroups',
  () => 'Port security must be enabled and port must have an IP address in order to use security groups.',
);

/** 409: address pairs were asked for on a port without port security. */
export const AddressPairAndPortSecurityRequired = defineError<void>(
  409,
  'AddressPairAndPortSecurityRequired',
  () => 'Port Security must be enabled in order to have allowed address pairs on a port.',
);

/** 400: an address pair without `ip_address`. */
export const AllowedAddressPairsMissingIP = defineError<void>(
  400,
  'AllowedAddressPairsMissingIP',
  () => 'AllowedAddressPair must contain ip_address',
);

/** 400: more address pairs than a port may have. */
export const AllowedAddressPairExhausted = defineError<{ quota: number }>(
  400,
  'AllowedAddressPairExhausted',
  (p) => `The number of allowed address pair exceeds the maximum ${p.quota}.`,
);

/** 400: one address pair twice. */
export const DuplicateAddressPairInRequest = defineError<{ mac: string | undefined; ip: string }>(
  400,
  'DuplicateAddressPairInRequest',
  (p) => `Request contains duplicate address pair: mac_address ${p.mac ?? 'None'} ip_address ${p.ip}.`,
);
