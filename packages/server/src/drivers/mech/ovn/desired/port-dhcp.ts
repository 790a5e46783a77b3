import { portDhcpUuid, subnetDhcpUuid } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { PortState, SubnetState } from '../state.ts';
import { dhcpOption, dhcpOptionValue, routeList } from './dhcp-option-names.ts';
import { type DesiredRow, desiredRow, stringMap } from './row.ts';
import { hasDhcpRow, subnetExternalIds, subnetOptions } from './subnet-dhcp.ts';

/** What a port gets from DHCP in one address family: the row it refers to, and that row when it is its own. */
export interface PortDhcp {
  readonly reference: string;
  readonly own: DesiredRow | undefined;
}

const ROUTE_OPTION = 'classless_static_route';

/** Ports of network services; they neither ask for addresses nor count as members of groups. */
export const isNetworkDevice = (port: PortState): boolean =>
  port.deviceOwner.startsWith('network:') || port.deviceOwner.startsWith('neutron:');

const isDisabled = (port: PortState, ipVersion: 4 | 6): boolean =>
  port.extraDhcpOpts.some(
    (opt) =>
      opt.ipVersion === ipVersion && opt.name === 'dhcp_disabled' && opt.value.toLowerCase() === 'true',
  );

/** The first subnet for IPv4; for IPv6 one that hands out addresses before one that only hands out options. */
function servingSubnet(
  port: PortState,
  subnets: ReadonlyMap<string, SubnetState>,
  ipVersion: 4 | 6,
): SubnetState | undefined {
  const serving = port.addresses
    .map(({ subnetId }) => subnets.get(subnetId))
    .filter((subnet) => subnet !== undefined)
    .filter((subnet) => subnet.ipVersion === ipVersion && hasDhcpRow(subnet));
  return serving.find((subnet) => subnet.addressMode !== 'dhcpv6-stateless') ?? serving[0];
}

/** Options of the port's own, by OVN name; what OVN does not know or cannot read is left out. */
function ownOptions(port: PortState, ipVersion: 4 | 6): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const opt of port.extraDhcpOpts) {
    if (opt.ipVersion !== ipVersion) continue;
    const option = dhcpOption(opt.name, ipVersion, port.binding.vnicType);
    const value = option === undefined ? undefined : dhcpOptionValue(option, opt.value);
    if (option !== undefined && value !== undefined) options.set(option.name, value);
  }
  return options;
}

function overlaid(base: ReadonlyMap<string, string>, own: ReadonlyMap<string, string>): Map<string, string> {
  const options = new Map([...base, ...own]);
  const shared = base.get(ROUTE_OPTION);
  const added = own.get(ROUTE_OPTION);
  if (shared !== undefined && added !== undefined)
    options.set(ROUTE_OPTION, `{${routeList(shared)}, ${routeList(added)}}`);
  return options;
}

/** Which DHCP_Options row a port refers to in one family; undefined: none. */
export function portDhcp(
  port: PortState,
  subnets: ReadonlyMap<string, SubnetState>,
  ipVersion: 4 | 6,
  settings: OvnSettings,
): PortDhcp | undefined {
  if (isNetworkDevice(port) || isDisabled(port, ipVersion)) return undefined;
  if (settings.disableDhcpForBaremetalPorts && port.binding.vnicType === 'baremetal') return undefined;
  const subnet = servingSubnet(port, subnets, ipVersion);
  if (subnet === undefined) return undefined;
  const own = ownOptions(port, ipVersion);
  if (own.size === 0) return { reference: subnetDhcpUuid(subnet.id), own: undefined };
  const uuid = portDhcpUuid(port.id, ipVersion);
  const row = desiredRow('DHCP_Options', uuid, {
    cidr: subnet.cidr,
    options: overlaid(subnetOptions(subnet, settings), own),
    external_ids: stringMap({ ...subnetExternalIds(subnet), port_id: port.id }),
  });
  return { reference: uuid, own: row };
}
