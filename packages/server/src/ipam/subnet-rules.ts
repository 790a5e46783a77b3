import {
  type AllocationPool,
  type Cidr,
  contains,
  DNSNameServersExhausted,
  type HostRoute,
  HostRoutesExhausted,
  InvalidInput,
  type IpAddress,
  ipFromValue,
  isMulticast,
  parseCidr,
  parseIp,
} from '@ovenbird/api';
import type { AddressRange } from './address-range.ts';
import { isAutoAddress, storedCidr } from './ipam-subnet.ts';
import { checkGatewayOutsidePools, checkPools, defaultPools, rangesOf, wholeRange } from './pools.ts';

/** Numbers that a subnet may not exceed. */
export interface SubnetLimits {
  readonly maxDnsNameservers: number;
  readonly maxSubnetHostRoutes: number;
}

/** What a request says of a new subnet, as far as addresses go; undefined: not given. */
export interface SubnetRequest {
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string | null | undefined;
  readonly allocation_pools: readonly AllocationPool[] | undefined;
  readonly enable_dhcp: boolean;
  readonly dns_nameservers: readonly string[];
  readonly host_routes: readonly HostRoute[];
  readonly ipv6_ra_mode: string | null;
  readonly ipv6_address_mode: string | null;
}

/** What validation makes of it. */
export interface SubnetAddressing {
  readonly cidr: Cidr;
  readonly gateway: IpAddress | null;
  readonly pools: readonly AddressRange[];
}

const invalid = (message: string) => InvalidInput({ message });

const versioned = <T extends { readonly version: 4 | 6 }>(
  parsed: T | undefined,
  version: 4 | 6,
  text: string,
  name: string,
): T => {
  if (parsed === undefined) throw invalid(`'${text}' is not a valid ${name}`);
  if (parsed.version !== version)
    throw invalid(`${name} '${text}' does not match the ip_version '${version}'`);
  return parsed;
};

const LOOPBACK_4 = 127n;

/** The one of IPv6 has too few addresses for DHCP anyway. */
const isLoopback = ({ version, network }: Cidr): boolean =>
  version === 4 && network.value >> 24n === LOOPBACK_4;

/** Throws InvalidInput where a prefix cannot be served by DHCP. */
const checkDhcpPrefix = (cidr: Cidr): void => {
  if (cidr.prefix > (cidr.version === 4 ? 30 : 126)) {
    throw invalid('Subnet has a prefix length that is incompatible with DHCP service enabled');
  }
  if (isMulticast(cidr.network)) throw invalid('Multicast IP subnet is not supported if enable_dhcp is True');
  if (isLoopback(cidr)) throw invalid('Loopback IP subnet is not supported if enable_dhcp is True');
  if (cidr.network.value === 0n) {
    throw invalid("First IP '0.0.0.0' of network is not supported if enable_dhcp is True.");
  }
};

const checkCidr = (text: string, version: 4 | 6): Cidr => {
  const cidr = versioned(parseCidr(text), version, text, 'cidr');
  if (cidr.prefix === 0) throw invalid('0 is not allowed as CIDR prefix length');
  if (version === 6 && cidr.network.value === 0n) throw invalid("IPv6 subnet '::' is not supported");
  return cidr;
};

/** A gateway in an IPv4 prefix may be neither its first nor its last address; one outside cannot be checked. */
const checkGateway = (text: string, cidr: Cidr): IpAddress => {
  const gateway = versioned(parseIp(text), cidr.version, text, 'gateway_ip');
  const whole = wholeRange(cidr);
  const edge = gateway.value === whole.first || gateway.value === whole.last;
  if (cidr.version === 4 && contains(cidr, gateway) && edge) throw invalid('Gateway is not valid on subnet');
  return gateway;
};

/** The gateway of a subnet that was given none: the first address after the network (IPv4), the network itself (IPv6). */
export const defaultGateway = (cidr: Cidr): IpAddress =>
  cidr.version === 6 || cidr.network.value === (1n << 32n) - 1n
    ? cidr.network
    : ipFromValue(4, cidr.network.value + 1n);

const checkModes = (request: SubnetRequest, cidr: Cidr): void => {
  const { ipv6_ra_mode: ra, ipv6_address_mode: address } = request;
  if (request.ip_version === 4) {
    if (ra !== null) throw invalid('ipv6_ra_mode is not valid when ip_version is 4');
    if (address !== null) throw invalid('ipv6_address_mode is not valid when ip_version is 4');
    return;
  }
  if ((ra !== null || address !== null) && !request.enable_dhcp) {
    throw invalid('ipv6_ra_mode or ipv6_address_mode cannot be set when enable_dhcp is set to False');
  }
  if (ra !== null && address !== null && ra !== address) {
    throw invalid(
      `ipv6_ra_mode set to '${ra}' with ipv6_address_mode set to '${address}' is not valid. ` +
        'If both attributes are set, they must be the same value',
    );
  }
  if (isAutoAddress(ra, address) && cidr.prefix !== 64) {
    throw invalid(
      `Invalid CIDR ${cidr.canonical} for IPv6 address mode. ` +
        'OpenStack uses the EUI-64 address format, which requires the prefix to be /64',
    );
  }
};

/** Throws ApiError where there are too many name servers or one is of the other IP version. `id`: `new subnet` on create. */
export const checkNameservers = (
  id: string,
  version: 4 | 6,
  servers: readonly string[],
  limits: SubnetLimits,
): void => {
  if (servers.length > limits.maxDnsNameservers) {
    throw DNSNameServersExhausted({ subnetId: id, quota: limits.maxDnsNameservers });
  }
  for (const server of servers) versioned(parseIp(server), version, server, 'dns_nameserver');
};

/** Throws ApiError where there are too many routes or one is of the other IP version. `id`: `new subnet` on create. */
export const checkHostRoutes = (
  id: string,
  version: 4 | 6,
  routes: readonly HostRoute[],
  limits: SubnetLimits,
): void => {
  if (routes.length > limits.maxSubnetHostRoutes) {
    throw HostRoutesExhausted({ subnetId: id, quota: limits.maxSubnetHostRoutes });
  }
  for (const route of routes) {
    versioned(parseIp(route.nexthop), version, route.nexthop, 'nexthop');
    versioned(parseCidr(route.destination), version, route.destination, 'destination');
  }
};

/**
 * Check a new subnet and fill in what the request left open.
 *
 * @throws ApiError InvalidInput, InvalidAllocationPool, OutOfBoundsAllocationPool, OverlappingAllocationPools,
 *   GatewayConflictWithAllocationPools, DNSNameServersExhausted, HostRoutesExhausted
 */
export const addressNewSubnet = (request: SubnetRequest, limits: SubnetLimits): SubnetAddressing => {
  const cidr = checkCidr(request.cidr, request.ip_version);
  if (request.enable_dhcp) checkDhcpPrefix(cidr);
  const given = request.gateway_ip;
  const asked = typeof given === 'string' ? checkGateway(given, cidr) : null;
  checkNameservers('new subnet', cidr.version, request.dns_nameservers, limits);
  checkHostRoutes('new subnet', cidr.version, request.host_routes, limits);
  checkModes(request, cidr);
  const gateway = given === undefined ? defaultGateway(cidr) : asked;
  if (request.allocation_pools === undefined) return { cidr, gateway, pools: defaultPools(cidr, gateway) };
  const pools = rangesOf(request.allocation_pools);
  checkPools(pools, cidr);
  if (gateway !== null) checkGatewayOutsidePools(gateway, pools);
  return { cidr, gateway, pools };
};

/** A subnet as it is, as far as an update must know. */
export interface SubnetState {
  readonly id: string;
  readonly ip_version: 4 | 6;
  readonly cidr: string;
  readonly gateway_ip: string | null;
  readonly allocation_pools: readonly AllocationPool[];
  readonly enable_dhcp: boolean;
  readonly ipv6_ra_mode: string | null;
  readonly ipv6_address_mode: string | null;
}

/** What an update names. */
export interface SubnetChange {
  readonly gateway_ip?: string | null;
  readonly allocation_pools?: readonly AllocationPool[];
  readonly enable_dhcp?: boolean;
  readonly dns_nameservers?: readonly string[];
  readonly host_routes?: readonly HostRoute[];
}

/**
 * Check an update of a subnet. Returns the gateway and pools that it will have.
 *
 * @throws ApiError as {@link addressNewSubnet}
 */
export const addressChangedSubnet = (
  current: SubnetState,
  change: SubnetChange,
  limits: SubnetLimits,
): SubnetAddressing => {
  const version = current.ip_version;
  const cidr = storedCidr(current.cidr);
  if (change.enable_dhcp === true && !current.enable_dhcp) checkDhcpPrefix(cidr);
  if (change.enable_dhcp === false && (current.ipv6_ra_mode !== null || current.ipv6_address_mode !== null)) {
    throw invalid('Cannot disable enable_dhcp with ipv6 attributes set');
  }
  if (change.dns_nameservers !== undefined)
    checkNameservers(current.id, version, change.dns_nameservers, limits);
  if (change.host_routes !== undefined) checkHostRoutes(current.id, version, change.host_routes, limits);
  const wanted = change.gateway_ip === undefined ? current.gateway_ip : change.gateway_ip;
  const changed = wanted !== current.gateway_ip;
  const gateway = wanted === null ? null : changed ? checkGateway(wanted, cidr) : (parseIp(wanted) ?? null);
  const pools = rangesOf(change.allocation_pools ?? current.allocation_pools);
  if (change.allocation_pools !== undefined) checkPools(pools, cidr);
  if (gateway !== null && (changed || change.allocation_pools !== undefined))
    checkGatewayOutsidePools(gateway, pools);
  return { cidr, gateway, pools };
};
