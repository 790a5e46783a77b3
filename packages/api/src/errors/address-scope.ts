import { defineError } from '../errors.ts';

/** 404: no such address scope, or none that the caller may see. */
export const AddressScopeNotFound = defineError<{ id: string }>(
  404,
  'AddressScopeNotFound',
  (p) => `Address scope ${p.id} could not be found.`,
);

/** 409: subnet pools are in the address scope. */
export const AddressScopeInUse = defineError<{ id: string }>(
  409,
  'AddressScopeInUse',
  (p) =>
    `Unable to complete operation on address scope ${p.id}. ` +
    'There are one or more subnet pools in use on the address scope.',
);

/** 400: the address scope cannot change that way. */
export const AddressScopeUpdateError = defineError<{ id: string; reason: string }>(
  400,
  'AddressScopeUpdateError',
  (p) => `Unable to update address scope ${p.id} : ${p.reason}.`,
);

/** 409: two subnet pools of an address scope would share addresses. */
export const AddressScopePrefixConflict = defineError<void>(
  409,
  'AddressScopePrefixConflict',
  () => 'Failed to associate address scope: subnetpools within an address scope must have unique prefixes.',
);

/** 400: subnets of one network and IP version would be in different address scopes. */
export const NetworkAddressScopeAffinityError = defineError<void>(
  400,
  'NetworkAddressScopeAffinityError',
  () =>
    'Subnets of the same address family hosted on the same network must all participate in the same address scope.',
);
