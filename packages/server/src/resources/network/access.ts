import { ExternalNetworkInUse, InvalidSharedSetting, type Network } from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Transaction } from '../../db/database.ts';
import type { RbacEntriesTable } from '../../db/tables.ts';

/** What a wildcard entry grants: `shared` is access_as_shared, `router:external` is access_as_external. */
export type NetworkAccess = 'access_as_shared' | 'access_as_external';

const EVERYBODY = '*';

/** Ports of routers hang on external networks of others without using them as a shared network. */
const OWNERS_WITHOUT_SHARING = [
  'network:router_gateway',
  'network:floatingip',
  'network:dhcp',
  'network:distributed',
];
const GATEWAY_OWNERS = ['network:router_gateway', 'network:floatingip'];

/** The entry that opens a network to every project. */
export const openEntry = (
  ids: Ids,
  network: Pick<Network, 'id' | 'project_id'>,
  action: NetworkAccess,
): RbacEntriesTable => ({
  id: ids.uuid(),
  project_id: network.project_id,
  object_type: 'network',
  object_id: network.id,
  action,
  target_project: EVERYBODY,
});

const close = async (tx: Transaction, networkId: string, action: NetworkAccess): Promise<void> => {
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', 'network')
    .where('object_id', '=', networkId)
    .where('action', '=', action)
    .where('target_project', '=', EVERYBODY)
    .execute();
};

const projectsWithPorts = (tx: Transaction, network: Network) =>
  tx.query
    .selectFrom('ports')
    .select('project_id')
    .distinct()
    .where('network_id', '=', network.id)
    .where('project_id', 'not in', [network.project_id, ''])
    .where('device_owner', 'not in', OWNERS_WITHOUT_SHARING)
    .execute();

const projectsWithSubnets = (tx: Transaction, network: Network) =>
  tx.query
    .selectFrom('subnets')
    .select('project_id')
    .distinct()
    .where('network_id', '=', network.id)
    .where('project_id', 'not in', [network.project_id, ''])
    .execute();

/** Projects that would lose a network they use: they have no entry of their own. */
const usedByOthers = async (tx: Transaction, network: Network): Promise<boolean> => {
  const users = [...(await projectsWithPorts(tx, network)), ...(await projectsWithSubnets(tx, network))];
  if (users.length === 0) return false;
  const grants = await tx.query
    .selectFrom('rbac_entries')
    .select('target_project')
    .where('object_type', '=', 'network')
    .where('object_id', '=', network.id)
    .where('action', '=', 'access_as_shared')
    .execute();
  const granted = new Set(grants.map((row) => row.target_project));
  return users.some((user) => !granted.has(user.project_id));
};

const hasGateways = async (tx: Transaction, networkId: string): Promise<boolean> => {
  const found = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('device_owner', 'in', GATEWAY_OWNERS)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
};

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
  await close(tx, network.id, 'access_as_shared');
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
  await close(tx, network.id, 'access_as_external');
};
