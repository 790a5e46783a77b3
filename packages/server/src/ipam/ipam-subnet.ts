import { type AllocationPool, type Cidr, contains, type IpAddress, parseCidr } from '@ovenbird/api';
import type { AddressRange } from './address-range.ts';
import { DHCP, isRouterPort } from './device-owner.ts';
import { rangesOf, wholeRange } from './pools.ts';

/** What address allocation needs to know of a subnet. */
export interface IpamSubnet {
  readonly id: string;
  readonly networkId: string;
  readonly version: 4 | 6;
  readonly cidr: Cidr;
  readonly pools: readonly AddressRange[];
  readonly gatewayIp: string | null;
  /** Hosts make their own address (SLAAC, DHCPv6 stateless). */
  readonly autoAddress: boolean;
  readonly enableDhcp: boolean;
  readonly segmentId: string | null;
  readonly serviceTypes: readonly string[];
}

/** The columns of table `subnets` that {@link ipamSubnet} reads. */
export interface SubnetColumns {
  readonly id: string;
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly allocation_pools: string;
  readonly gateway_ip: string | null;
  readonly ipv6_ra_mode: string | null;
  readonly ipv6_address_mode: string | null;
  readonly enable_dhcp: number;
  readonly segment_id: string | null;
  readonly service_types: string;
}

const AUTO_MODES: readonly (string | null)[] = ['slaac', 'dhcpv6-stateless'];

/** Whether hosts of a subnet with these IPv6 modes make their own addresses. */
export const isAutoAddress = (raMode: string | null, addressMode: string | null): boolean =>
  AUTO_MODES.includes(raMode) || AUTO_MODES.includes(addressMode);

/** A prefix as read from SQL, where only canonical text is written. Throws an Error for anything else. */
export const storedCidr = (text: string): Cidr => {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw new Error(`the stored prefix ${text} is none`);
  return cidr;
};

// What these columns hold was written by this program as JSON of exactly these types.
const poolsIn = (json: string): readonly AllocationPool[] => JSON.parse(json) as readonly AllocationPool[];
const textsIn = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

/** A row of table `subnets` → what allocation needs. */
export const ipamSubnet = (row: SubnetColumns): IpamSubnet => ({
  id: row.id,
  networkId: row.network_id,
  version: row.ip_version,
  cidr: storedCidr(row.cidr),
  pools: rangesOf(poolsIn(row.allocation_pools)),
  gatewayIp: row.gateway_ip,
  autoAddress: isAutoAddress(row.ipv6_ra_mode, row.ipv6_address_mode),
  enableDhcp: row.enable_dhcp === 1,
  segmentId: row.segment_id,
  serviceTypes: textsIn(row.service_types),
});

/**
 * Whether a port of this owner may have the address: inside the prefix and neither its IPv4 network or broadcast address
 * nor, but for router ports and unowned ones, the IPv6 subnet-router anycast address.
 */
export const isUsableAddress = (cidr: Cidr, ip: IpAddress, deviceOwner: string): boolean => {
  if (!contains(cidr, ip)) return false;
  const whole = wholeRange(cidr);
  if (cidr.version === 4) {
    // A /31 and a /32 have neither network nor broadcast address (RFC 3021).
    return cidr.prefix >= 31 || (ip.value !== whole.first && ip.value !== whole.last);
  }
  return ip.value !== whole.first || deviceOwner === '' || isRouterPort(deviceOwner);
};

const serves = (subnet: IpamSubnet, deviceOwner: string): boolean =>
  subnet.serviceTypes.length === 0 ||
  subnet.serviceTypes.includes(deviceOwner) ||
  (deviceOwner === DHCP && subnet.enableDhcp);

/** The subnets that give addresses to ports of this owner; those made for the owner come first. */
export const subnetsServing = (
  subnets: readonly IpamSubnet[],
  deviceOwner: string,
): readonly IpamSubnet[] => {
  const eligible = subnets.filter((subnet) => serves(subnet, deviceOwner));
  return [
    ...eligible.filter((subnet) => subnet.serviceTypes.length > 0),
    ...eligible.filter((subnet) => subnet.serviceTypes.length === 0),
  ];
};
