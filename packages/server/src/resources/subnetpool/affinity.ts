import { NetworkAddressScopeAffinityError, NetworkSubnetPoolAffinityError } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';

/** A subnet as far as it matters which pool it is out of. */
export interface PooledSubnet {
  readonly network_id: string;
  readonly ip_version: 4 | 6;
  readonly subnetpool_id: string | null;
}

interface Placed extends PooledSubnet {
  readonly scopeId: string | null;
}

const existingIn = async (reader: Reader, networkIds: readonly string[]): Promise<readonly Placed[]> => {
  const rows = await reader.query
    .selectFrom('subnets')
    .leftJoin('subnetpools', 'subnetpools.id', 'subnets.subnetpool_id')
    .select(['subnets.network_id', 'subnets.ip_version', 'subnets.subnetpool_id'])
    .select('subnetpools.address_scope_id')
    .where('subnets.network_id', 'in', eachOf(networkIds))
    .execute();
  return rows.map((row) => ({ ...row, scopeId: row.address_scope_id }));
};

const placed = async (reader: Reader, subnets: readonly PooledSubnet[]): Promise<readonly Placed[]> => {
  const pools = [...new Set(subnets.flatMap((subnet) => subnet.subnetpool_id ?? []))];
  if (pools.length === 0) return subnets.map((subnet) => ({ ...subnet, scopeId: null }));
  const rows = await reader.query
    .selectFrom('subnetpools')
    .select(['id', 'address_scope_id'])
    .where('id', 'in', eachOf(pools))
    .execute();
  const scopes = new Map(rows.map((row) => [row.id, row.address_scope_id]));
  return subnets.map((subnet) => ({ ...subnet, scopeId: scopes.get(subnet.subnetpool_id ?? '') ?? null }));
};

/** Two subnets of one network and IP version go together when they are in one scope, out of one pool, or out of none. */
const check = (subnet: Placed, other: Placed): void => {
  if (subnet.network_id !== other.network_id || subnet.ip_version !== other.ip_version) return;
  if (subnet.subnetpool_id === other.subnetpool_id) return;
  if (other.scopeId !== null && subnet.scopeId === other.scopeId) return;
  if (other.scopeId !== null && subnet.subnetpool_id !== null) throw NetworkAddressScopeAffinityError();
  throw NetworkSubnetPoolAffinityError();
};

/**
 * Check that new subnets go together with those that their networks have, and with each other. Two queries at most.
 *
 * @throws ApiError NetworkSubnetPoolAffinityError, NetworkAddressScopeAffinityError
 */
export const checkOnePool = async (reader: Reader, subnets: readonly PooledSubnet[]): Promise<void> => {
  const known = [...(await existingIn(reader, [...new Set(subnets.map((subnet) => subnet.network_id))]))];
  for (const subnet of await placed(reader, subnets)) {
    for (const other of known) check(subnet, other);
    known.push(subnet);
  }
};
