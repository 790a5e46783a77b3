import type { Port, Subnet } from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import type { Change } from '../../../ml2/contract.ts';
import { type OvnKey, orderedKeys, routerKey } from './key.ts';
import { keysOfLog, keysOfLoggedPort } from './keys-of-logs.ts';
import { keysOfNames } from './keys-of-names.ts';
import { keysOfNetworkPolicy, keysOfPolicy } from './keys-of-policies.ts';
import {
  keysOfFloatingIp,
  keysOfForwarding,
  routersOfNetwork,
  routersOfSubnet,
  routingOfPort,
} from './keys-routing.ts';

const portKey = (id: string): OvnKey => ({ kind: 'port', id });
const subnetKey = (id: string): OvnKey => ({ kind: 'subnet', id });

type ChangeOf<K extends Change['kind']> = Extract<Change, { kind: K }>;

/** The object before and after the change, whichever there are. */
const sides = <R>(change: { readonly current?: R; readonly original?: R }): readonly R[] =>
  [change.original, change.current].filter((side) => side !== undefined);

const EXACT = /^([^/]+)(?:\/(?:32|128))?$/;

/** Addresses that a port's address pairs name exactly; wider prefixes make no virtual port. */
const pairAddresses = (port: Port): readonly string[] =>
  port.allowed_address_pairs
    .map((pair) => EXACT.exec(pair.ip_address)?.[1])
    .filter((address) => address !== undefined);

/** Ports whose rows tell of the network's MTU. */
async function portsWithMtu(reader: Reader, networkId: string): Promise<readonly OvnKey[]> {
  const rows = await reader.query
    .selectFrom('ports')
    .leftJoin('port_bindings', 'port_bindings.port_id', 'ports.id')
    .select('ports.id')
    .distinct()
    .where('ports.network_id', '=', networkId)
    .where((eb) =>
      eb.or([
        eb('ports.extra_dhcp_opts', '!=', '[]'),
        eb('ports.device_owner', 'in', ['network:distributed', 'ovn-lb-hm:distributed']),
        eb('port_bindings.vnic_type', '=', 'remote-managed'),
      ]),
    )
    .execute();
  return rows.map((row) => portKey(row.id));
}

async function keysOfNetwork(change: ChangeOf<'network'>, reader: Reader): Promise<readonly OvnKey[]> {
  const own: readonly OvnKey[] = [{ kind: 'network', id: change.id }, ...keysOfNames(change)];
  if (change.action !== 'update') return own;
  const limited = await keysOfNetworkPolicy(change, reader);
  const routers = await routersOfNetwork(change, reader);
  if (change.current.mtu === change.original.mtu) return [...own, ...limited, ...routers];
  const subnets = await reader.query
    .selectFrom('subnets')
    .select('id')
    .where('network_id', '=', change.id)
    .execute();
  const sized = [...subnets.map((row) => subnetKey(row.id)), ...(await portsWithMtu(reader, change.id))];
  return [...own, ...limited, ...sized, ...routers];
}

/** Ports with an address in these subnets: all, or those that have DHCP rows of their own. */
async function portsIn(reader: Reader, subnets: readonly string[], all: boolean): Promise<readonly OvnKey[]> {
  if (subnets.length === 0) return [];
  const query = reader.query
    .selectFrom('ip_allocations')
    .innerJoin('ports', 'ports.id', 'ip_allocations.port_id')
    .select('ports.id')
    .distinct()
    .where('ip_allocations.subnet_id', 'in', eachOf(subnets));
  const rows = await (all ? query : query.where('ports.extra_dhcp_opts', '!=', '[]')).execute();
  return rows.map((row) => portKey(row.id));
}

const servesDhcp = (subnet: Subnet): string => `${subnet.enable_dhcp} ${subnet.ipv6_address_mode}`;

async function keysOfSubnet(change: ChangeOf<'subnet'>, reader: Reader): Promise<readonly OvnKey[]> {
  // A subnet's change is its network's as well: the network's revision moves with it.
  const networks = sides(change).map((subnet): OvnKey => ({ kind: 'network', id: subnet.network_id }));
  const own = [...networks, subnetKey(change.id)];
  if (change.action !== 'update') return own;
  const all = servesDhcp(change.current) !== servesDhcp(change.original);
  const routers = await routersOfSubnet(change, reader);
  return [...own, ...(await portsIn(reader, [change.id], all)), ...routers];
}

/** Ports of the network that stand, or stood, for an address that this port may use. */
async function virtualPorts(change: ChangeOf<'port'>, reader: Reader): Promise<readonly OvnKey[]> {
  const [first, second] = sides(change).map((port) => [...pairAddresses(port)].sort());
  const addresses = [...new Set([...(first ?? []), ...(second ?? [])])];
  const unchanged = change.action === 'update' && first?.join() === second?.join();
  const networkId = sides(change)[0]?.network_id;
  if (addresses.length === 0 || unchanged || networkId === undefined) return [];
  const rows = await reader.query
    .selectFrom('ip_allocations')
    .select('port_id')
    .where('network_id', '=', networkId)
    .where('ip_address', 'in', eachOf(addresses))
    .execute();
  return rows.map((row) => portKey(row.port_id));
}

async function keysOfPort(change: ChangeOf<'port'>, reader: Reader): Promise<readonly OvnKey[]> {
  const keys = [
    portKey(change.id),
    ...keysOfNames(change),
    ...(await keysOfLoggedPort(change, reader)),
    ...(await virtualPorts(change, reader)),
    ...(await routingOfPort(change, reader)),
  ];
  const metadata = sides(change).filter(
    (port) => port.device_owner === 'network:distributed' && port.device_id.startsWith('ovnmeta-'),
  );
  const subnets = [...new Set(metadata.flatMap((port) => port.fixed_ips.map((fixed) => fixed.subnet_id)))];
  return [...keys, ...subnets.map(subnetKey), ...(await portsIn(reader, subnets, false))];
}

/** Keys whose OVN rows a change may touch. Reads, inside the transaction of the change, what depends on the object. */
export async function keysOfChange(change: Change, reader: Reader): Promise<readonly OvnKey[]> {
  switch (change.kind) {
    case 'network':
      return keysOfNetwork(change, reader);
    case 'subnet':
      return keysOfSubnet(change, reader);
    case 'port':
      return keysOfPort(change, reader);
    case 'address_group':
      return [{ kind: 'address_group', id: change.id }];
    case 'qos_policy':
      return keysOfPolicy(reader, change.id);
    case 'security_group':
      return [{ kind: 'security_group', id: change.id }];
    case 'security_group_rule':
      return sides(change).map((rule) => ({ kind: 'security_group', id: rule.security_group_id }));
    case 'log':
      return keysOfLog(change, reader);
    case 'router':
      return [routerKey(change.id)];
    case 'floatingip':
      return keysOfFloatingIp(change);
    case 'port_forwarding':
      return keysOfForwarding(change);
  }
}

/** Keys of several changes, dependencies first. */
export async function keysOfChanges(changes: readonly Change[], reader: Reader): Promise<readonly OvnKey[]> {
  const keys: OvnKey[] = [];
  for (const change of changes) keys.push(...(await keysOfChange(change, reader)));
  return orderedKeys(keys);
}
