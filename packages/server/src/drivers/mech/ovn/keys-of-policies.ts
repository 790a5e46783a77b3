import type { Network } from '@ovenbird/api';
import type { Reader } from '../../../db/database.ts';
import { type Given, prepared } from '../../../db/query/prepared.ts';
import { ROUTER_GATEWAY } from '../../../ipam/device-owner.ts';
import { floatingIpKey, type OvnKey, routerKey } from './key.ts';

const ownPorts = prepared((query, given: Given<{ readonly policy: string }>) =>
  query
    .selectFrom('qos_port_policies')
    .select('port_id as id')
    .where('qos_policy_id', '=', given.one('policy')),
);
const ownFloatingIps = prepared((query, given: Given<{ readonly policy: string }>) =>
  query.selectFrom('floating_ips').select('id').where('qos_policy_id', '=', given.one('policy')),
);
const ownRouters = prepared((query, given: Given<{ readonly policy: string }>) =>
  query
    .selectFrom('router_ports')
    .select('router_id as id')
    .distinct()
    .where('qos_policy_id', '=', given.one('policy')),
);
const networksWith = prepared((query, given: Given<{ readonly policy: string }>) =>
  query
    .selectFrom('qos_network_policies')
    .select('network_id as id')
    .where('qos_policy_id', '=', given.one('policy')),
);

const portsIn = prepared((query, given: Given<{ readonly networks: readonly string[] }>) =>
  query.selectFrom('ports').select('id').where('network_id', 'in', given.each('networks')),
);
const floatingIpsIn = prepared((query, given: Given<{ readonly networks: readonly string[] }>) =>
  query.selectFrom('floating_ips').select('id').where('floating_network_id', 'in', given.each('networks')),
);
const routersIn = prepared((query, given: Given<{ readonly networks: readonly string[] }>) =>
  query
    .selectFrom('ports')
    .innerJoin('router_ports', 'router_ports.port_id', 'ports.id')
    .select('router_ports.router_id as id')
    .distinct()
    .where('ports.network_id', 'in', given.each('networks'))
    .where('router_ports.port_type', '=', ROUTER_GATEWAY),
);

interface Found {
  readonly ports: readonly { readonly id: string }[];
  readonly floatingIps: readonly { readonly id: string }[];
  readonly routers: readonly { readonly id: string }[];
}

const keysOf = ({ ports, floatingIps, routers }: Found): readonly OvnKey[] => [
  ...ports.map(({ id }): OvnKey => ({ kind: 'port', id })),
  ...routers.map(({ id }) => routerKey(id)),
  ...floatingIps.map(({ id }) => floatingIpKey(id)),
];

/** What follows the policies of these networks. Three queries. */
const keysInNetworks = async (reader: Reader, networks: readonly string[]): Promise<readonly OvnKey[]> => {
  if (networks.length === 0) return [];
  return keysOf({
    ports: await portsIn(reader, { networks }),
    floatingIps: await floatingIpsIn(reader, { networks }),
    routers: await routersIn(reader, { networks }),
  });
};

/** Ports, floating IPs and routers whose traffic follows the policy: those that name it, and those of networks that do. */
export const keysOfPolicy = async (reader: Reader, policy: string): Promise<readonly OvnKey[]> => {
  const own = keysOf({
    ports: await ownPorts(reader, { policy }),
    floatingIps: await ownFloatingIps(reader, { policy }),
    routers: await ownRouters(reader, { policy }),
  });
  const networks = await networksWith(reader, { policy });
  const inherited = await keysInNetworks(
    reader,
    networks.map(({ id }) => id),
  );
  return [...own, ...inherited];
};

/** What follows the network's policy, where an update changes that. */
export const keysOfNetworkPolicy = async (
  { current, original }: { readonly current: Network; readonly original: Network },
  reader: Reader,
): Promise<readonly OvnKey[]> =>
  current.qos_policy_id === original.qos_policy_id ? [] : keysInNetworks(reader, [current.id]);
