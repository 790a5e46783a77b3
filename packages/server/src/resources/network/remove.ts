import { type Network, NetworkInUse, type Subnet } from '@ovenbird/api';
import type { Reader, Transaction } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { WriteStep } from '../../engine/contract.ts';
import type { Ml2Plugin } from '../../ml2/plugin.ts';

/** Ports that the service made for the network itself; they go with it. */
const OWNERS_THAT_GO = ['network:dhcp', 'network:distributed', 'network:floatingip_agent_gateway'];

/** The subnets of a network, whole, for the drivers. */
export type SubnetLoader = (reader: Reader, networkId: string) => Promise<readonly Subnet[]>;

export interface NetworkRemoveOptions {
  /** What hangs on a network and goes with it, before its ports are looked at. */
  readonly leaving?: (step: WriteStep, networkId: string) => Promise<void>;
  readonly plugin: Pick<Ml2Plugin, 'segments' | 'loadPorts'>;
  readonly loadSubnets: SubnetLoader;
}

const checkUnused = async (tx: Transaction, networkId: string): Promise<void> => {
  const used = await tx.query
    .selectFrom('ports')
    .select('id')
    .where('network_id', '=', networkId)
    .where('device_owner', 'not in', OWNERS_THAT_GO)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined) throw NetworkInUse({ id: networkId });
};

const removePorts = async (
  { tx, changes }: WriteStep,
  networkId: string,
  loadPorts: Ml2Plugin['loadPorts'],
): Promise<readonly string[]> => {
  const rows = await tx.query.selectFrom('ports').select('id').where('network_id', '=', networkId).execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  for (const port of await loadPorts(tx, ids)) {
    changes.record({ kind: 'port', action: 'delete', id: port.id, original: port });
  }
  await tx.query.deleteFrom('ports').where('id', 'in', eachOf(ids)).execute();
  return ids;
};

const removeSubnets = async (
  { tx, changes }: WriteStep,
  networkId: string,
  loadSubnets: SubnetLoader,
): Promise<readonly string[]> => {
  const subnets = await loadSubnets(tx, networkId);
  if (subnets.length === 0) return [];
  for (const subnet of subnets) {
    changes.record({ kind: 'subnet', action: 'delete', id: subnet.id, original: subnet });
  }
  await tx.query.deleteFrom('subnets').where('network_id', '=', networkId).execute();
  return subnets.map((subnet) => subnet.id);
};

/**
 * Remove a network with its subnets, segments and the ports that the service made for it.
 *
 * @throws NetworkInUse 409 when other ports hang on it
 */
export const removeNetwork = async (
  { plugin, loadSubnets, leaving }: NetworkRemoveOptions,
  step: WriteStep,
  network: Network,
): Promise<void> => {
  const { tx, changes } = step;
  await leaving?.(step, network.id);
  await checkUnused(tx, network.id);
  const ports = await removePorts(step, network.id, plugin.loadPorts);
  const subnets = await removeSubnets(step, network.id, loadSubnets);
  await plugin.segments.release(tx, network.id);
  await tx.query
    .deleteFrom('rbac_entries')
    .where('object_type', '=', 'network')
    .where('object_id', '=', network.id)
    .execute();
  await tx.query
    .deleteFrom('tags')
    .where('object_id', 'in', eachOf([network.id, ...subnets, ...ports]))
    .execute();
  await tx.query.deleteFrom('networks').where('id', '=', network.id).execute();
  changes.record({ kind: 'network', action: 'delete', id: network.id, original: network });
};
