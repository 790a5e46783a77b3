import { EVERY_PROJECT, ExternalNetworkInUse, InvalidSharedSetting, type Network } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader, Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { RbacEntriesTable } from '../../db/tables.ts';
import { FLOATING_IP, ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { openEntry as openObject, type SharingAction, targetsOf } from '../sharing.ts';

/** Ports of routers hang on external networks of others without using them as a shared network. */
const OWNERS_WITHOUT_SHARING = [
  'network:router_gateway',
  'network:floatingip',
  'network:dhcp',
  'network:distributed',
];
const GATEWAY_OWNERS = [ROUTER_GATEWAY, FLOATING_IP];

/** The entry that opens a network to every project. */
export const openEntry = (
  ids: Ids,
  network: Pick<Network, 'id' | 'project_id'>,
  action: SharingAction,
): RbacEntriesTable =>
  openObject(ids, { type: 'network', id: network.id, projectId: network.project_id }, action);

const close = async (
  tx: Transaction,
  networkId: string,
  action: SharingAction,
  targets: Iterable<string>,
): Promise<void> => {
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', 'network')
    .where('object_id', '=', networkId)
    .where('action', '=', action)
    .where('target_project', 'in', eachOf([...targets]))
    .execute();
};

const projectsWithPorts = (reader: Reader, networkId: string) =>
  reader.query
    .selectFrom('ports')
    .select('project_id')
    .distinct()
    .where('network_id', '=', networkId)
    .where('project_id', '!=', '')
    .where('device_owner', 'not in', OWNERS_WITHOUT_SHARING)
    .execute();

const projectsWithSubnets = (reader: Reader, networkId: string) =>
  reader.query
    .selectFrom('subnets')
    .select('project_id')
    .distinct()
    .where('network_id', '=', networkId)
    .where('project_id', '!=', '')
    .execute();

/** Projects that have ports or subnets in a network. */
export const projectsUsing = async (reader: Reader, networkId: string): Promise<ReadonlySet<string>> => {
  const rows = [
    ...(await projectsWithPorts(reader, networkId)),
    ...(await projectsWithSubnets(reader, networkId)),
  ];
  return new Set(rows.map((row) => row.project_id));
};

/** Projects other than the owner that would lose a network they use: they have no entry of their own. */
const usedByOthers = async (tx: Transaction, network: Network): Promise<boolean> => {
  const users = await projectsUsing(tx, network.id);
  const granted = await targetsOf(tx, { type: 'network', id: network.id }, 'access_as_shared');
  return [...users].some((user) => user !== network.project_id && !granted.has(user));
};

/** Whether routers hang on a network with their gateways. */
export const hasGateways = async (tx: Reader, networkId: string): Promise<boolean> => {
  const found = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('device_owner', 'in', GATEWAY_OWNERS)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
};

/** Projects whose routers have gateways in a network, or that have floating IPs there. */
export const projectsWithGateways = async (
  reader: Reader,
  networkId: string,
): Promise<ReadonlySet<string>> => {
  const routers = await reader.query
    .selectFrom('ports')
    .innerJoin('router_ports', 'router_ports.port_id', 'ports.id')
    .innerJoin('routers', 'routers.id', 'router_ports.router_id')
    .select('routers.project_id')
    .distinct()
    .where('ports.network_id', '=', networkId)
    .where('ports.device_owner', '=', ROUTER_GATEWAY)
    .execute();
  const floatingIps = await reader.query
    .selectFrom('floating_ips')
    .select('project_id')
    .distinct()
    .where('floating_network_id', '=', networkId)
    .execute();
  return new Set([...routers, ...floatingIps].map((row) => row.project_id));
};

/** Whether a network is open to every project. */
export const isOpen = async (tx: Transaction, networkId: string): Promise<boolean> =>
  (await targetsOf(tx, { type: 'network', id: networkId }, 'access_as_shared')).has(EVERY_PROJECT);

/**
 * Open a network to every project, or close it again.
 *
 * @throws InvalidSharedSetting 409 when projects without an entry of their own use it
 */
export const setShared = async (
  tx: Transaction,
  ids: Ids,
  network: Network,
  shared: boolean,
): Promise<void> => {
  if (shared) {
    await tx.query
      .insertInto('rbac_entries')
      .values(openEntry(ids, network, 'access_as_shared'))
      .execute();
    return;
  }
  if (await usedByOthers(tx, network)) throw InvalidSharedSetting({ network: network.name });
  await close(tx, network.id, 'access_as_shared', [EVERY_PROJECT]);
};

/**
 * Let routers of every project use the network as their gateway, or no longer. The caller stores the flag.
 *
 * @throws ExternalNetworkInUse 409 when gateways hang on it
 */
export const setExternal = async (
  tx: Transaction,
  ids: Ids,
  network: Network,
  external: boolean,
): Promise<void> => {
  if (external) {
    await tx.query
      .insertInto('rbac_entries')
      .values(openEntry(ids, network, 'access_as_external'))
      .execute();
    return;
  }
  if (await hasGateways(tx, network.id)) throw ExternalNetworkInUse({ id: network.id });
  const targets = await targetsOf(tx, { type: 'network', id: network.id }, 'access_as_external');
  await close(tx, network.id, 'access_as_external', targets);
};
