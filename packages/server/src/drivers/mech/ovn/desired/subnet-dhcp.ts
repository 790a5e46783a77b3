import { derivedMac, subnetDhcpUuid } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { SubnetState } from '../state.ts';
import { type Desired, desiredRow, nothing, stringMap } from './row.ts';

const METADATA_ROUTE = '169.254.169.254/32';

const protectedV4 = new Set([
  'server_id',
  'lease_time',
  'mtu',
  'router',
  'server_mac',
  'dns_server',
  'classless_static_route',
]);
const protectedV6 = new Set(['dhcpv6_stateless', 'dns_server', 'server_id']);

/** Whether a subnet has a DHCP_Options row. */
export const hasDhcpRow = (subnet: SubnetState): boolean =>
  subnet.dhcp && !(subnet.ipVersion === 6 && subnet.addressMode === 'slaac');

const braced = (values: readonly string[]): string => `{${values.join(', ')}}`;

const familyOf = (address: string): 4 | 6 => (address.includes(':') ? 6 : 4);

function nameservers(subnet: SubnetState, settings: OvnSettings): string | undefined {
  const own = subnet.nameservers;
  const chosen =
    own.length > 0 ? own : settings.dnsServers.filter((server) => familyOf(server) === subnet.ipVersion);
  // 0.0.0.0 and :: tell the DHCP service to announce no server at all.
  if (chosen.length === 0 || chosen.includes('0.0.0.0') || chosen.includes('::')) return undefined;
  return braced(chosen);
}

/** Clients that get option 121 ignore option 3, so the default route goes in as well. */
function classlessRoutes(subnet: SubnetState): string | undefined {
  if (subnet.metadataIp === undefined && subnet.hostRoutes.length === 0) return undefined;
  const routes = [
    ...(subnet.metadataIp === undefined ? [] : [`${METADATA_ROUTE},${subnet.metadataIp}`]),
    ...subnet.hostRoutes.map((route) => `${route.destination},${route.nexthop}`),
    ...(subnet.gatewayIp === undefined ? [] : [`0.0.0.0/0,${subnet.gatewayIp}`]),
  ];
  return `{${routes.join(', ')}}`;
}

/** Global options of the configuration over the computed ones: `;` separates values, an empty value removes. */
function withGlobals(
  options: Map<string, string>,
  globals: { readonly [name: string]: string },
  fixed: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  for (const name of Object.keys(globals)) {
    const value = globals[name] ?? '';
    if (fixed.has(name)) continue;
    if (value === '') options.delete(name);
    else options.set(name, value.includes(';') ? braced(value.split(';').map((part) => part.trim())) : value);
  }
  return options;
}

function optionsV4(subnet: SubnetState, settings: OvnSettings): ReadonlyMap<string, string> {
  const serverId = subnet.gatewayIp ?? subnet.metadataIp;
  if (serverId === undefined) return new Map();
  const domain = settings.dnsDomain;
  const options = new Map(
    stringMap({
      server_id: serverId,
      server_mac: derivedMac(settings.baseMac, subnet.id),
      lease_time: String(settings.dhcpDefaultLeaseTime),
      mtu: String(subnet.networkMtu),
      router: subnet.gatewayIp,
      dns_server: nameservers(subnet, settings),
      domain_name: domain === '' || domain === 'openstacklocal' ? undefined : `"${domain}"`,
      classless_static_route: classlessRoutes(subnet),
    }),
  );
  return withGlobals(options, settings.dhcp4GlobalOptions, protectedV4);
}

function optionsV6(subnet: SubnetState, settings: OvnSettings): ReadonlyMap<string, string> {
  const options = new Map(
    stringMap({
      server_id: derivedMac(settings.baseMac, subnet.id),
      dns_server: nameservers(subnet, settings),
      dhcpv6_stateless: subnet.addressMode === 'dhcpv6-stateless' ? 'true' : undefined,
    }),
  );
  return withGlobals(options, settings.dhcp6GlobalOptions, protectedV6);
}

/** Options that a subnet's DHCP service hands out. */
export const subnetOptions = (subnet: SubnetState, settings: OvnSettings): ReadonlyMap<string, string> =>
  subnet.ipVersion === 4 ? optionsV4(subnet, settings) : optionsV6(subnet, settings);

/** External ids of a subnet's row; rows of single ports have them too. */
export const subnetExternalIds = (subnet: SubnetState): { readonly [key: string]: string } => ({
  subnet_id: subnet.id,
  'neutron:network_id': subnet.networkId,
  'neutron:revision_number': String(subnet.revision),
});

/** Subnet → DHCP_Options, when its DHCP service has anything to say. */
export function desiredSubnet(subnet: SubnetState, settings: OvnSettings): Desired {
  if (!hasDhcpRow(subnet)) return nothing;
  const row = desiredRow('DHCP_Options', subnetDhcpUuid(subnet.id), {
    cidr: subnet.cidr,
    options: subnetOptions(subnet, settings),
    external_ids: stringMap(subnetExternalIds(subnet)),
  });
  return { rows: [row], members: [] };
}
