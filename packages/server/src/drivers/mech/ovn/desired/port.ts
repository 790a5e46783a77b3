import { dropGroupUuid, externalGroupUuid, portGroupUuid, switchName } from '../ids.ts';
import type { OvnSettings } from '../settings.ts';
import type { PortState, SubnetState } from '../state.ts';
import { portAddresses, portSecurity } from './port-addresses.ts';
import { type PortDhcp, portDhcp } from './port-dhcp.ts';
import { bindHost, portOptions } from './port-options.ts';
import { portQos } from './port-qos.ts';
import { capabilities, isTrusted, nesting, portType } from './port-type.ts';
import { type Desired, type DesiredRow, desiredRow, type Membership, nothing, stringMap } from './row.ts';

type Subnets = ReadonlyMap<string, SubnetState>;

/** Groups apply to ports that are filtered at all. */
const groupsOf = (port: PortState): readonly string[] =>
  isTrusted(port) || !port.portSecurity ? [] : port.securityGroups;

function cidrs(port: PortState, subnets: Subnets): string {
  const texts = port.addresses.map(({ subnetId, address }) => {
    const prefix = subnets.get(subnetId)?.cidr.split('/')[1];
    return prefix === undefined ? address : `${address}/${prefix}`;
  });
  return texts.join(' ');
}

/** Written while the port carries traffic: agents and operators read from it where the port is. */
function upHost(port: PortState): string | undefined {
  const host = bindHost(port);
  const elsewhere =
    (port.router !== undefined && !port.router.gateway) || port.deviceOwner === 'trunk:subport';
  return port.status === 'ACTIVE' && host !== '' && !elsewhere ? host : undefined;
}

const externalIds = (port: PortState, type: string, subnets: Subnets): ReadonlyMap<string, string> =>
  stringMap({
    'neutron:port_name': port.name,
    'neutron:device_id': port.deviceId,
    'neutron:project_id': port.projectId,
    'neutron:cidrs': cidrs(port, subnets),
    'neutron:device_owner': port.deviceOwner,
    'neutron:subnet_pool_addr_scope4': '',
    'neutron:subnet_pool_addr_scope6': '',
    'neutron:network_name': switchName(port.networkId),
    'neutron:security_group_ids': [...groupsOf(port)].sort().join(' '),
    'neutron:revision_number': String(port.revision),
    'neutron:vnic_type': port.binding.vnicType,
    'neutron:port_capabilities': capabilities(port).join(';'),
    'neutron:mtu': type === 'localport' ? String(port.networkMtu) : '',
    'neutron:host_id': upHost(port),
    'neutron:port_fip': port.floatingAddress,
  });

function portRow(
  port: PortState,
  subnets: Subnets,
  dhcp: { readonly v4: PortDhcp | undefined; readonly v6: PortDhcp | undefined },
  settings: OvnSettings,
): DesiredRow {
  const type = portType(port);
  const security = portSecurity(port);
  const nested = nesting(port);
  return desiredRow('Logical_Switch_Port', port.id, {
    name: port.id,
    enabled: port.adminUp,
    type,
    parent_name: nested?.parent,
    tag_request: nested?.tag,
    addresses: portAddresses(port, type, security, dhcp.v4 !== undefined || dhcp.v6 !== undefined),
    port_security: security,
    dhcpv4_options: dhcp.v4?.reference,
    dhcpv6_options: dhcp.v6?.reference,
    ha_chassis_group:
      type === 'external' && port.externalGroup !== undefined
        ? externalGroupUuid(port.networkId, port.externalGroup)
        : undefined,
    options: portOptions(port, type, settings),
    external_ids: externalIds(port, type, subnets),
  });
}

/** Port → Logical_Switch_Port, its own DHCP_Options rows, and its places in the switch and in port groups. */
export function desiredPort(port: PortState, subnets: Subnets, settings: OvnSettings): Desired {
  // The floating port only holds an address; the router's NAT row answers for it.
  if (port.deviceOwner === 'network:floatingip') return nothing;
  const dhcp = { v4: portDhcp(port, subnets, 4, settings), v6: portDhcp(port, subnets, 6, settings) };
  const dropped = !isTrusted(port) && port.portSecurity ? [dropGroupUuid] : [];
  const groups = [...dropped, ...groupsOf(port).map(portGroupUuid)];
  const members: Membership[] = [
    { column: 'Logical_Switch.ports', parent: port.networkId, element: port.id },
    ...groups.map((parent) => ({ column: 'Port_Group.ports' as const, parent, element: port.id })),
  ];
  const own = [dhcp.v4?.own, dhcp.v6?.own].filter((row) => row !== undefined);
  const limits = portQos(port, portType(port)).rows;
  for (const row of limits)
    members.push({ column: 'Logical_Switch.qos_rules', parent: port.networkId, element: row.uuid ?? '' });
  return { rows: [...own, ...limits, portRow(port, subnets, dhcp, settings)], members };
}
