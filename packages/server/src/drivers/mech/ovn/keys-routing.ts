import type { Network, Port, Subnet } from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import { type Given, prepared } from '../../../db/query/prepared.ts';
import { isRouterPort } from '../../../ipam/device-owner.ts';
import { type OvnKey, routerKey } from './key.ts';

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

/** The router that a port belongs, or belonged, to: its port in OVN is made from this one. */
export const routersOfPort = (change: Sides<Port>): readonly OvnKey[] =>
  bothOf(change).flatMap((port) => (isRouterPort(port.device_owner) ? [routerKey(port.device_id)] : []));

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
