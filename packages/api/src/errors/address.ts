import { defineError } from '../errors.ts';

/** 409: another port has the address. */
export const IpAddressInUse = defineError<{ networkId: string; ip: string }>(
  409,
  'IpAddressInUse',
  (p) => `Unable to complete operation for network ${p.networkId}. The IP address ${p.ip} is in use.`,
);

/** 409: the address is allocated in the subnet. */
export const IpAddressAlreadyAllocated = defineError<{ subnetId: string; ip: string }>(
  409,
  'IpAddressAlreadyAllocated',
  (p) => `IP address ${p.ip} already allocated in subnet ${p.subnetId}`,
);

/** 409: no subnet of the network has a free address. */
export const IpAddressGenerationFailure = defineError<{ networkId: string }>(
  409,
  'IpAddressGenerationFailure',
  (p) => `No more IP addresses available on network ${p.networkId}.`,
);

/** 409: no subnet of the network serves this device owner. */
export const IpAddressGenerationFailureNoMatchingSubnet = defineError<{
  networkId: string;
  serviceType: string;
}>(
  409,
  'IpAddressGenerationFailureNoMatchingSubnet',
  (p) =>
    `No valid service subnet for the given device owner, network ${p.networkId}, service type ${p.serviceType}.`,
);

/** 400: the address is in no subnet of the network. */
export const InvalidIpForNetwork = defineError<{ ip: string }>(
  400,
  'InvalidIpForNetwork',
  (p) => `IP address ${p.ip} is not a valid IP for any of the subnets on the specified network.`,
);

/** 400: the address is not in the subnet, or is its network or broadcast address. */
export const InvalidIpForSubnet = defineError<{ ip: string }>(
  400,
  'InvalidIpForSubnet',
  (p) => `IP address ${p.ip} is not a valid IP for the specified subnet.`,
);

/** 400: on a subnet with automatic addresses only the EUI-64 address may be asked for. */
export const AllocationOnAutoAddressSubnet = defineError<{ ip: string; subnetId: string }>(
  400,
  'AllocationOnAutoAddressSubnet',
  (p) =>
    `IPv6 address ${p.ip} cannot be directly assigned to a port on subnet ${p.subnetId} ` +
    'as the subnet is configured for automatic addresses',
);

/** 409: another port of the network has the MAC address. */
export const MacAddressInUse = defineError<{ networkId: string; mac: string }>(
  409,
  'MacAddressInUse',
  (p) => `Unable to complete operation for network ${p.networkId}. The mac address ${p.mac} is in use.`,
);

/** 503: no free MAC address was found. */
export const NetworkMacAddressGenerationFailure = defineError<{ networkId: string }>(
  503,
  'NetworkMacAddressGenerationFailure',
  (p) => `Unable to generate unique mac on network ${p.networkId}.`,
);
