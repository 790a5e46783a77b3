import { defineError } from '../errors.ts';

/** 404: no such subnet, or none that the caller may see. */
export const SubnetNotFound = defineError<{ id: string }>(
  404,
  'SubnetNotFound',
  (p) => `Subnet ${p.id} could not be found.`,
);

/** 409: addresses of the subnet are in use. */
export const SubnetInUse = defineError<{ id: string; reason?: string }>(
  409,
  'SubnetInUse',
  (p) =>
    `Unable to complete operation on subnet ${p.id}: ` +
    `${p.reason ?? 'One or more ports have an IP allocation from this subnet'}.`,
);

/** 409: the gateway address lies in an allocation pool. */
export const GatewayConflictWithAllocationPools = defineError<{ ip: string; pool: string }>(
  409,
  'GatewayConflictWithAllocationPools',
  (p) => `Gateway ip ${p.ip} conflicts with allocation pool ${p.pool}.`,
);

/** 409: a router port has the gateway address, so it cannot change. */
export const GatewayIpInUse = defineError<{ ip: string; portId: string }>(
  409,
  'GatewayIpInUse',
  (p) => `Current gateway ip ${p.ip} already in use by port ${p.portId}. Unable to update.`,
);

/** 409: two pools share addresses. */
export const OverlappingAllocationPools = defineError<{ pool1: string; pool2: string; cidr: string }>(
  409,
  'OverlappingAllocationPools',
  (p) => `Found overlapping allocation pools: ${p.pool1} ${p.pool2} for subnet ${p.cidr}.`,
);

/** 400: a pool leaves the subnet. */
export const OutOfBoundsAllocationPool = defineError<{ pool: string; cidr: string }>(
  400,
  'OutOfBoundsAllocationPool',
  (p) => `The allocation pool ${p.pool} spans beyond the subnet cidr ${p.cidr}.`,
);

/** 400: a pool ends before it starts, or its ends are of another IP version than the subnet. */
export const InvalidAllocationPool = defineError<{ pool: string }>(
  400,
  'InvalidAllocationPool',
  (p) => `The allocation pool ${p.pool} is not valid.`,
);

/** 400: more name servers than a subnet may have; `subnetId` is `new subnet` on create. */
export const DNSNameServersExhausted = defineError<{ subnetId: string; quota: number }>(
  400,
  'DNSNameServersExhausted',
  (p) =>
    `Unable to complete operation for ${p.subnetId}. The number of DNS nameservers exceeds the limit ${p.quota}.`,
);

/** 400: more host routes than a subnet may have; `subnetId` is `new subnet` on create. */
export const HostRoutesExhausted = defineError<{ subnetId: string; quota: number }>(
  400,
  'HostRoutesExhausted',
  (p) =>
    `Unable to complete operation for ${p.subnetId}. The number of host routes exceeds the limit ${p.quota}.`,
);

/** 400: a text is no IP prefix. */
export const InvalidCIDR = defineError<{ input: string }>(
  400,
  'InvalidCIDR',
  (p) => `Invalid CIDR ${p.input} given as IP prefix.`,
);

/** 400: no port can have this owner. */
export const InvalidSubnetServiceType = defineError<{ serviceType: string }>(
  400,
  'InvalidSubnetServiceType',
  (p) => `Subnet service type ${p.serviceType} does not correspond to a valid device owner.`,
);

/** 400: the owner of a port is a text. */
export const InvalidInputSubnetServiceType = defineError<{ serviceType: string }>(
  400,
  'InvalidInputSubnetServiceType',
  (p) => `Subnet service type ${p.serviceType} is not a string.`,
);
