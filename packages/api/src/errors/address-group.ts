import { displayList } from '../display.ts';
import { defineError } from '../errors.ts';

/** 404: no such address group, or none that the caller may see. */
export const AddressGroupNotFound = defineError<{ id: string }>(
  404,
  'AddressGroupNotFound',
  (p) => `Address group ${p.id} could not be found.`,
);

/** 409: rules of security groups name the address group. */
export const AddressGroupInUse = defineError<{ id: string }>(
  409,
  'AddressGroupInUse',
  (p) => `Address group ${p.id} is in use on one or more security group rules.`,
);

/** 404: addresses to be taken out are not in the group. */
export const AddressesNotFound = defineError<{ addresses: readonly string[]; id: string }>(
  404,
  'AddressesNotFound',
  (p) => `Addresses ${displayList(p.addresses)} not found in the address group ${p.id}.`,
);

/** 400: addresses to be put in are in the group. */
export const AddressesAlreadyExist = defineError<{ addresses: readonly string[]; id: string }>(
  400,
  'AddressesAlreadyExist',
  (p) => `Addresses ${displayList(p.addresses)} already exist in the address group ${p.id}.`,
);
