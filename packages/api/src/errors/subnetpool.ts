import { defineError } from '../errors.ts';

/** 404: no such subnet pool, or none that the caller may see. */
export const SubnetPoolNotFound = defineError<{ id: string }>(
  404,
  'SubnetPoolNotFound',
  (p) => `Subnet pool ${p.id} could not be found.`,
);

/** 400: a pool needs prefixes. */
export const EmptySubnetPoolPrefixList = defineError<void>(
  400,
  'EmptySubnetPoolPrefixList',
  () => 'Empty subnet pool prefix list.',
);

/** 400: the prefixes of a pool are of two IP versions. */
export const PrefixVersionMismatch = defineError<void>(
  400,
  'PrefixVersionMismatch',
  () => 'Cannot mix IPv4 and IPv6 prefixes in a subnet pool.',
);

/** 400: the least, usual and largest prefix length do not go together. */
export const IllegalSubnetPoolPrefixBounds = defineError<{
  type: string;
  length: number;
  baseType: string;
  baseLength: number;
}>(
  400,
  'IllegalSubnetPoolPrefixBounds',
  (p) => `Illegal prefix bounds: ${p.type}=${p.length}, ${p.baseType}=${p.baseLength}.`,
);

/** 400: a pool does not give prefixes back that way. */
export const IllegalSubnetPoolPrefixUpdate = defineError<{ msg: string }>(
  400,
  'IllegalSubnetPoolPrefixUpdate',
  (p) => `Illegal update to prefixes: ${p.msg}.`,
);

/** 400: the pool cannot change that way. */
export const IllegalSubnetPoolUpdate = defineError<{ reason: string }>(
  400,
  'IllegalSubnetPoolUpdate',
  (p) => `Illegal subnetpool update : ${p.reason}.`,
);

/** 400: pool and address scope are of two IP versions. */
export const IllegalSubnetPoolIpVersionAssociationToAddressScope = defineError<{
  id: string;
  scope: string;
  version: number;
}>(
  400,
  'IllegalSubnetPoolIpVersionAssociationToAddressScope',
  (p) =>
    `Illegal subnetpool association: subnetpool ${p.id} cannot associate with address scope ${p.scope} ` +
    `because subnetpool ip_version is not ${p.version}.`,
);

/** 400: subnets are out of the pool. */
export const SubnetPoolDeleteError = defineError<{ reason: string }>(
  400,
  'SubnetPoolDeleteError',
  (p) => `Unable to delete subnet pool: ${p.reason}.`,
);

/** 409: the pool has no such prefix left. The reference answers 500. */
export const SubnetAllocationError = defineError<{ reason: string }>(
  409,
  'SubnetAllocationError',
  (p) => `Failed to allocate subnet: ${p.reason}.`,
);

/** 400: the subnet is larger than the pool gives out. */
export const MinPrefixSubnetAllocationError = defineError<{ length: number; least: number }>(
  400,
  'MinPrefixSubnetAllocationError',
  (p) => `Unable to allocate subnet with prefix length ${p.length}, minimum allowed prefix is ${p.least}.`,
);

/** 400: the subnet is smaller than the pool gives out. */
export const MaxPrefixSubnetAllocationError = defineError<{ length: number; most: number }>(
  400,
  'MaxPrefixSubnetAllocationError',
  (p) => `Unable to allocate subnet with prefix length ${p.length}, maximum allowed prefix is ${p.most}.`,
);

/** 409: the project has as many addresses out of the pool as it may. */
export const SubnetPoolQuotaExceeded = defineError<void>(
  409,
  'SubnetPoolQuotaExceeded',
  () => 'Per-project subnet pool prefix quota exceeded.',
);

/** 400: subnets of one network and IP version come out of one pool, or out of none. */
export const NetworkSubnetPoolAffinityError = defineError<void>(
  400,
  'NetworkSubnetPoolAffinityError',
  () => 'Subnets hosted on the same network must be allocated from the same subnet pool.',
);
