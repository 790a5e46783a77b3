import type { SubnetRequest } from '../ipam/subnet-rules.ts';

/** What a test says of a subnet; the rest is as when a client leaves it out. */
export type GivenSubnet = Partial<SubnetRequest> & { readonly cidr: string };

/** A request for a subnet, of the IP version of its prefix. */
export const subnetRequest = (given: GivenSubnet): SubnetRequest => ({
  ip_version: given.cidr.includes(':') ? 6 : 4,
  gateway_ip: undefined,
  allocation_pools: undefined,
  enable_dhcp: true,
  dns_nameservers: [],
  host_routes: [],
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
  ...given,
});
