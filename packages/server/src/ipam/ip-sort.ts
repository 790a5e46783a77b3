import { type IpAddress, ipFromValue } from '@ovenbird/api';

/**
 * The `ip_sort` text of an address: lower-case hexadecimal of fixed width (8 digits IPv4, 32 digits IPv6), so that the
 * order of the texts is the order of the addresses.
 */
export const ipSortOf = (version: 4 | 6, value: bigint): string =>
  value.toString(16).padStart(version === 4 ? 8 : 32, '0');

export const ipSort = (ip: IpAddress): string => ipSortOf(ip.version, ip.value);

/** The number in an `ip_sort` text. */
export const ipSortValue = (text: string): bigint => BigInt(`0x${text}`);

/** The address in an `ip_sort` text. */
export const ipFromSort = (text: string): IpAddress =>
  ipFromValue(text.length === 8 ? 4 : 6, ipSortValue(text));
