import type { FloatingIp, Network, Port, PortForwarding, Subnet } from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import { type Given, prepared } from '../../../db/query/prepared.ts';
import { FLOATING_IP, isRouterPort, ROUTER_GATEWAY } from '../../../ipam/device-owner.ts';
import { floatingIpKey, type OvnKey, routerKey } from './key.ts';

/** The object before and after a change, whichever there are. */
interface Sides<R> {
  readonly current?: R;
  readonly original?: R;
}

const bothOf = <R>({ original, current }: Sides<R>): readonly R[] =>
  [original, current].filter((side) => side !== undefined);

const routersInNetwork = prepared((query, given: Given<{ readonly network: string }>) =>
  query
    .selectFrom('ports')
    .innerJoin('router_ports', 'router_ports.port_id', 'ports.id')
    .select('router_ports.router_id as id')
    .distinct()
    .where('ports.network_id', '=', given.one('network')),
);

const routersInSubnet = prepared((query, given: Given<{ readonly subnet: string }>) =>
  query
    .selectFrom('ip_allocations')
    .innerJoin('router_ports', 'router_ports.port_id', 'ip_allocations.port_id')
    .select('router_ports.router_id as id')
    .distinct()
    .where('ip_allocations.subnet_id', '=', given.one('subnet')),
);

const floatingIpsOf = prepared((query, given: Given<{ readonly routers: readonly string[] }>) =>
  query
    .selectFrom('floating_ips')
    .select(['id', 'fixed_port_id'])
    .where('router_id', 'in', given.each('routers')),
);

const placesOf = (port: Port | undefined): string =>
  port === undefined || !isRouterPort(port.device_owner)
    ? ''
    : JSON.stringify([port.device_id, port.device_owner, port.fixed_ips]);

/**
 * Floating IPs that depend on a router's port: those that forward ports are known in the networks of its interfaces, and
 * those that are translated name its gateway.
 */
async function floatingIpsBehind(change: Sides<Port>, reader: Reader): Promise<readonly OvnKey[]> {
  const ports = bothOf(change).filter((port) => isRouterPort(port.device_owner));
  if (ports.length === 0 || placesOf(change.original) === placesOf(change.current)) return [];
  const gateway = ports.some((port) => port.device_owner === ROUTER_GATEWAY);
  const rows = await floatingIpsOf(reader, { routers: [...new Set(ports.map((port) => port.device_id))] });
  return rows.filter((row) => gateway || row.fixed_port_id === null).map(({ id }) => floatingIpKey(id));
}

const floatingIpsTo = prepared((query, given: Given<{ readonly ports: readonly string[] }>) =>
  query.selectFrom('floating_ips').select('id').where('fixed_port_id', 'in', given.each('ports')),
);

/** Floating IPs that lead to these ports: distributed ones follow their status, and whether they are a router's. */
export const floatingIpsToPorts = async (
  reader: Reader,
  portIds: readonly string[],
): Promise<readonly OvnKey[]> => {
  const rows = await floatingIpsTo(reader, { ports: portIds });
  return rows.map(({ id }) => floatingIpKey(id));
};

/**
 * What a port is part of: the router that it belongs, or belonged, to with what depends on its ports, or the floating IP
 * whose address it holds.
 */
export async function routingOfPort(change: Sides<Port>, reader: Reader): Promise<readonly OvnKey[]> {
  const owners = bothOf(change).flatMap((port) => {
    if (isRouterPort(port.device_owner)) return [routerKey(port.device_id)];
    return port.device_owner === FLOATING_IP ? [floatingIpKey(port.device_id)] : [];
  });
  if (owners.length === 0) return [];
  const { original, current } = change;
  const became = original !== undefined && current !== undefined && original.device_id !== current.device_id;
  const to = became ? await floatingIpsToPorts(reader, [current.id]) : [];
  return [...owners, ...to, ...(await floatingIpsBehind(change, reader))];
}

/** Routers with ports in the network: these tell of its MTU, and advertise by whether it is external. */
export const routersOfNetwork = async (
  { current, original }: Required<Sides<Network>>,
  reader: Reader,
): Promise<readonly OvnKey[]> => {
  if (current.mtu === original.mtu && current['router:external'] === original['router:external']) return [];
  const rows = await routersInNetwork(reader, { network: current.id });
  return rows.map(({ id }) => routerKey(id));
};

const namesServers = (subnet: Subnet): string => `${subnet.gateway_ip} ${subnet.dns_nameservers.join()}`;

/** Routers with addresses in the subnet: these route by its gateway and announce its name servers. */
export const routersOfSubnet = async (
  { current, original }: Required<Sides<Subnet>>,
  reader: Reader,
): Promise<readonly OvnKey[]> => {
  if (namesServers(current) === namesServers(original)) return [];
  const rows = await routersInSubnet(reader, { subnet: current.id });
  return rows.map(({ id }) => routerKey(id));
};

/** A floating IP and, as these name it, the ports that it leads, or led, to. */
export const keysOfFloatingIp = (change: Sides<FloatingIp> & { readonly id: string }): readonly OvnKey[] => {
  const ports = new Set(bothOf(change).map((floatingIp) => floatingIp.port_id));
  const moved = change.original?.port_id !== change.current?.port_id;
  const told = moved ? [...ports].filter((id) => id !== null) : [];
  return [floatingIpKey(change.id), ...told.map((id): OvnKey => ({ kind: 'port', id }))];
};

/** The floating IP whose ports are forwarded. */
export const keysOfForwarding = (change: Sides<PortForwarding>): readonly OvnKey[] =>
  bothOf(change).map((forwarding) => floatingIpKey(forwarding.floatingip_id));
