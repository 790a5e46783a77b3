import { type Cidr, type IpAddress, ipFromValue } from '@ovenbird/api';

const UNIVERSAL_BIT = 1n << 57n;

/** The modified EUI-64 interface identifier of a MAC address in stored form (RFC 4291, appendix A). */
export const interfaceIdentifier = (mac: string): bigint => {
  const octets = BigInt(`0x${mac.replaceAll(':', '')}`);
  const upper = octets >> 24n;
  const lower = octets & 0xffffffn;
  return ((upper << 40n) | 0xfffe000000n | lower) ^ UNIVERSAL_BIT;
};

/** The address that a host with this MAC address gives itself in a /64 (RFC 4862). */
export const eui64Address = (prefix: Cidr, mac: string): IpAddress =>
  ipFromValue(6, prefix.network.value | interfaceIdentifier(mac));

/** Whether an address has the `fffe` of an EUI-64 identifier in its middle. */
export const looksLikeEui64 = (ip: IpAddress): boolean =>
  ip.version === 6 && ((ip.value >> 24n) & 0xffffn) === 0xfffen;
