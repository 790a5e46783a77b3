import { refused, type ValueType } from '../value-type.ts';

/**
 * A number of addresses. IPv6 prefixes hold more than a number of JavaScript counts exactly; such a number is one that
 * `JSON.stringify` writes digit by digit.
 */
export type AddressCount = number | { readonly rawJSON: string };

export interface IpAvailabilityDetails {
  readonly total_ips_in_subnet: AddressCount;
  readonly total_ips_in_allocation_pool: AddressCount;
  readonly used_ips_in_subnet: number;
  readonly used_ips_in_allocation_pool: number;
}

export interface SubnetIpAvailability {
  readonly subnet_id: string;
  readonly subnet_name: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly total_ips: AddressCount;
  readonly used_ips: number;
  readonly ip_availability_details: IpAvailabilityDetails;
}

const counted = <T>(name: string, schema: ValueType<T>['schema']): ValueType<T> => ({
  name,
  schema,
  parse: () => refused('addresses are counted, not set'),
});

const count = { type: 'integer', minimum: 0 } as const;
const details = {
  type: 'object',
  properties: {
    total_ips_in_subnet: count,
    total_ips_in_allocation_pool: count,
    used_ips_in_subnet: count,
    used_ips_in_allocation_pool: count,
  },
} as const;

/** How many addresses there are, or are taken. */
export const addressCount = counted<AddressCount>('address count', count);

/** Addresses of whole subnets, and of their allocation pools. */
export const ipAvailabilityDetails = counted<IpAvailabilityDetails>('ip availability details', details);

/** Addresses by subnet. */
export const subnetIpAvailability = counted<readonly SubnetIpAvailability[]>('subnet ip availability', {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      subnet_id: { type: 'string', format: 'uuid' },
      subnet_name: { type: 'string' },
      ip_version: { type: 'integer', enum: [4, 6] },
      cidr: { type: 'string' },
      total_ips: count,
      used_ips: count,
      ip_availability_details: details,
    },
  },
});
