import type { RouterPortState } from '../routing-state.ts';
import type { OvnSettings } from '../settings.ts';
import { stringMap } from './row.ts';

const ADDRESS_MODES: ReadonlyMap<string, string> = new Map([
  ['slaac', 'slaac'],
  ['dhcpv6-stateful', 'dhcpv6_stateful'],
  ['dhcpv6-stateless', 'dhcpv6_stateless'],
]);

/** The metadata service of IPv6, which machines reach through a route of their own. */
const METADATA_ROUTE = 'MEDIUM-fe80::a9fe:a9fe/128';

const isIpv6 = (server: string): boolean => server.includes(':');

/** Subnets of the port in the order of its addresses as texts, which the reference keeps them in. */
const subnetsOf = (port: RouterPortState) =>
  port.addresses.toSorted((one, other) => (one.address < other.address ? -1 : 1)).map(({ subnet }) => subnet);

/** OVN announces one server: the first that the subnets name, else the first that the deployment names. */
function serverOf(subnets: ReturnType<typeof subnetsOf>, settings: OvnSettings): string | undefined {
  const own = subnets.flatMap((subnet) => subnet.nameservers).filter(isIpv6);
  const chosen = own.length > 0 ? own : settings.dnsServers.filter(isIpv6);
  // As with DHCP, :: says that no server is to be announced.
  return chosen.includes('::') ? undefined : chosen[0];
}

/** What is announced to machines that make IPv6 addresses of their own; empty: nothing → ipv6_ra_configs. */
export function raConfigs(port: RouterPortState, settings: OvnSettings): ReadonlyMap<string, string> {
  const subnets = subnetsOf(port);
  const moded = subnets.find((subnet) => subnet.addressMode !== undefined);
  if (moded === undefined) return new Map();
  const domain = settings.dnsDomain.replace(/\.$/, '');
  return stringMap({
    address_mode: ADDRESS_MODES.get(moded.addressMode ?? ''),
    send_periodic: String(!(port.gateway && port.networkExternal)),
    mtu: String(port.networkMtu),
    route_info: settings.metadataEnabled ? METADATA_ROUTE : undefined,
    rdnss: serverOf(subnets, settings),
    dnssl: domain === '' || domain === 'openstacklocal' ? undefined : domain,
  });
}
