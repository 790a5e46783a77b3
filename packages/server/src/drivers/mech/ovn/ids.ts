import { hash } from 'node:crypto';
import { uuid5 } from '../../../core/uuid5.ts';

/**
 * Names and row UUIDs of everything this driver writes. A row's UUID follows from what it stands for, so writing it
 * twice is impossible and finding it needs no search.
 */

/** Namespace of the UUIDv5 (RFC 9562 §5.5) of rows that are not named by an API object's own id. */
const NAMESPACE = '5b7d1c3e-6f0a-4d2b-9c8e-7a1f0d3b5c79';
const SPACE = Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex');

/** Ids of late, by name: those of groups, subnets and rules are asked for with every port. */
const recent = new Map<string, string>();
const RECENT = 4_096;

/** UUIDv5 of `parts`, joined by `:`, in the project's namespace. */
export const rowUuid = (...parts: readonly (string | number)[]): string => {
  const name = parts.join(':');
  const known = recent.get(name);
  if (known !== undefined) return known;
  if (recent.size >= RECENT) recent.clear();
  const uuid = uuid5(NAMESPACE, name);
  recent.set(name, uuid);
  return uuid;
};

/** OVN allows no dash in symbols of match expressions. */
const symbol = (id: string): string => id.replaceAll('-', '_');

export const switchPrefix = 'neutron-';
export const switchName = (networkId: string): string => `${switchPrefix}${networkId}`;
export const routerName = (routerId: string): string => `neutron-${routerId}`;
export const localnetName = (segmentId: string): string => `provnet-${segmentId}`;
export const localnetPrefix = 'provnet-';
export const routerPortName = (portId: string): string => `lrp-${portId}`;
/** Southbound bindings that tell which chassis carries a gateway: on a physical network, or of a whole router. */
export const gatewayBindingNames = (portId: string): readonly [redirect: string, whole: string] => [
  `cr-${routerPortName(portId)}`,
  routerPortName(portId),
];
/** The port that such a binding is about. */
export const portOfGatewayBinding = (name: string): string | undefined =>
  /^(?:cr-)?lrp-(.+)$/.exec(name)?.[1];
export const portGroupName = (securityGroupId: string): string => `pg_${symbol(securityGroupId)}`;
export const dropGroupName = 'neutron_pg_drop';
/** Names of the address sets that northd keeps for a port group. */
export const groupAddressSet = (securityGroupId: string, ipVersion: 4 | 6): string =>
  `${portGroupName(securityGroupId)}_ip${ipVersion}`;
/** Names of the address sets of an address group. */
export const addressGroupSet = (addressGroupId: string, ipVersion: 4 | 6): string =>
  `ag_${symbol(addressGroupId)}_ip${ipVersion}`;

/** `direction`: OVN's. */
export const qosUuid = (portId: string, direction: string): string => rowUuid('qos', portId, direction);
export const addressSetUuid = (addressGroupId: string, ipVersion: 4 | 6): string =>
  rowUuid('address_set', addressGroupId, ipVersion);
export const portGroupUuid = (securityGroupId: string): string => rowUuid('port_group', securityGroupId);
export const dropGroupUuid = rowUuid('port_group', dropGroupName);
export const subnetDhcpUuid = (subnetId: string): string => rowUuid('dhcp_options', subnetId);
export const portDhcpUuid = (portId: string, ipVersion: 4 | 6): string =>
  rowUuid('dhcp_options', portId, ipVersion);
export const dnsUuid = (networkId: string): string => rowUuid('dns', networkId);
export const routerPortUuid = (portId: string): string => rowUuid('logical_router_port', portId);
/** The group of chassis that may carry a router's gateways. */
export const gatewayGroupUuid = (routerId: string): string => rowUuid('ha_chassis_group', routerId);
/** `port`: the gateway that the route leaves by, where it says so. */
export const defaultRouteUuid = (routerId: string, prefix: string, nexthop: string, port = ''): string =>
  rowUuid('default_route', routerId, prefix, nexthop, port);
export const extraRouteUuid = (routerId: string, destination: string, nexthop: string): string =>
  rowUuid('extra_route', routerId, destination, nexthop);
export const bfdUuid = (logicalPort: string, address: string): string => rowUuid('bfd', logicalPort, address);
export const snatUuid = (routerId: string, externalIp: string, logicalIp: string): string =>
  rowUuid('snat', routerId, externalIp, logicalIp);
/** The load balancer that forwards ports of a floating IP, and its name. */
export const forwardingUuid = (floatingIpId: string, protocol: string): string =>
  rowUuid('port_forwarding', floatingIpId, protocol);
export const forwardingName = (floatingIpId: string, protocol: string): string =>
  `pf-floatingip-${floatingIpId}-${protocol}`;
/** The group of chassis that answer for external ports: for one port, or with '' for those of a network. */
export const externalGroupName = (networkId: string, portId: string): string =>
  portId === '' ? `neutron-${networkId}` : `neutron-extport-${portId}`;
export const externalGroupUuid = (networkId: string, portId: string): string =>
  rowUuid('external_ports', networkId, portId);
export const externalChassisUuid = (networkId: string, portId: string, chassis: string): string =>
  rowUuid('external_ports_chassis', networkId, portId, chassis);
export const gatewayChassisUuid = (routerId: string, chassis: string): string =>
  rowUuid('ha_chassis', routerId, chassis);
export const logMeterUuid = (name: string): string => rowUuid('meter', name);
export const meterBandUuid = (name: string): string => rowUuid('meter_band', name);
/** Rules of a group that match the same packets share one row. */
export const aclUuid = (group: string, direction: string, match: string): string =>
  rowUuid('acl', group, direction, match);

/**
 * A MAC address that follows from `seed`: the fixed octets of `baseMac` (three, or four when its fourth is not `00`),
 * then octets of a hash.
 *
 * @example derivedMac('fa:16:3e:00:00:00', subnetId) // 'fa:16:3e:8c:01:7d'
 */
export function derivedMac(baseMac: string, seed: string): string {
  const base = baseMac.toLowerCase().split(':');
  const fixed = base[3] === '00' ? 3 : 4;
  const digest = hash('sha1', Buffer.concat([SPACE, Buffer.from(`mac:${seed}`)]));
  const rest = Array.from({ length: 6 - fixed }, (_, index) => digest.slice(index * 2, index * 2 + 2));
  return [...base.slice(0, fixed), ...rest].join(':');
}
