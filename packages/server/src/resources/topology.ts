import type { Reader, Transaction } from '../db/database.ts';
import type { AutoAllocatedTopologiesTable } from '../db/segment-tables.ts';
import type { WriteStep } from '../engine/contract.ts';
import { ROUTER_GATEWAY } from '../ipam/device-owner.ts';
import { insertRows } from './insert.ts';
import { sharedAmong } from './sharing.ts';

/** The topology that was made for a project. */
export const findTopology = (
  { query }: Reader,
  projectId: string,
): Promise<AutoAllocatedTopologiesTable | undefined> =>
  query
    .selectFrom('auto_allocated_topologies')
    .selectAll()
    .where('project_id', '=', projectId)
    .executeTakeFirst();

/** Remember a topology. It is forgotten with its network. Throws UniqueViolation when the project has one. */
export const storeTopology = (tx: Transaction, row: AutoAllocatedTopologiesTable): Promise<void> =>
  insertRows(tx, 'auto_allocated_topologies', [row]);

/** The id of the network that leads outside unless another one is named. */
export const defaultExternalNetwork = async ({ query }: Reader): Promise<string | undefined> => {
  const row = await query
    .selectFrom('networks')
    .select('id')
    .where('is_default', '=', 1)
    .where('external', '=', 1)
    .executeTakeFirst();
  return row?.id;
};

/** IP versions with a default pool that the caller may use, in ascending order. */
export const defaultPoolVersions = async ({
  tx,
  context,
  isAdmin,
}: WriteStep): Promise<readonly (4 | 6)[]> => {
  const pools = await tx.query
    .selectFrom('subnetpools')
    .select(['id', 'project_id', 'ip_version'])
    .where('is_default', '=', 1)
    .orderBy('ip_version')
    .execute();
  const foreign = pools.filter((pool) => !isAdmin && pool.project_id !== context.projectId);
  const ids = foreign.map((pool) => pool.id);
  const shared = await sharedAmong(tx, 'subnetpool', ids, context.projectId);
  const usable = pools.filter((pool) => !ids.includes(pool.id) || shared.has(pool.id));
  return usable.map((pool) => pool.ip_version);
};

/** Ports by which a router is in a network, gateways left out. */
export const interfacePorts = async (
  { query }: Reader,
  routerId: string,
  networkId: string,
): Promise<readonly string[]> => {
  const rows = await query
    .selectFrom('router_ports')
    .innerJoin('ports', 'ports.id', 'router_ports.port_id')
    .select('ports.id')
    .where('router_ports.router_id', '=', routerId)
    .where('router_ports.port_type', '!=', ROUTER_GATEWAY)
    .where('ports.network_id', '=', networkId)
    .orderBy('ports.id')
    .execute();
  return rows.map((row) => row.id);
};
