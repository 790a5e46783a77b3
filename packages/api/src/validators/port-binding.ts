import { display } from '../display.ts';
import { accepted, refused, type ValueType } from '../value-type.ts';
import { string } from './string.ts';
import { oneOf } from './values.ts';

/** How a port reaches its guest. */
export const VNIC_TYPES = [
  'normal',
  'direct',
  'macvtap',
  'baremetal',
  'direct-physical',
  'virtio-forwarder',
  'smart-nic',
  'vdpa',
  'accelerator-direct',
  'accelerator-direct-physical',
  'remote-managed',
] as const;

export type VnicType = (typeof VNIC_TYPES)[number];

export const vnicType: ValueType<VnicType> = oneOf(VNIC_TYPES);

const hostName = string(255);

/** The host of a binding; null and the empty text both mean none and are stored as the empty text. */
export const hostId: ValueType<string> = {
  name: 'host',
  schema: { type: ['string', 'null'], maxLength: 255 },
  parse: (value) => (value === null ? accepted('') : hostName.parse(value)),
};

/** The host of a binding of its own: it must be named. */
export const requiredHost: ValueType<string> = {
  name: 'host',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
  parse: (value) =>
    typeof value === 'string' && value.trim() === ''
      ? refused(`'${display(value)}' Blank strings are not permitted`)
      : hostName.parse(value),
};
