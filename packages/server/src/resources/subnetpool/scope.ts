import {
  AddressScopeNotFound,
  AddressScopePrefixConflict,
  IllegalSubnetPoolIpVersionAssociationToAddressScope,
  IllegalSubnetPoolUpdate,
  NetworkAddressScopeAffinityError,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { intersects, type PrefixSet } from '../../ipam/prefix-set.ts';
import { sharedAmong } from '../sharing.ts';
import { setOf } from './prefixes.ts';
import { prefixesIn } from './store.ts';

/** A pool that is to be in a scope. */
export interface ScopedPool {
  readonly id: string;
  readonly version: 4 | 6;
  readonly set: PrefixSet;
}

const scopeRow = (reader: Reader, id: string) =>
  reader.query.selectFrom('address_scopes').selectAll().where('id', '=', id).executeTakeFirst();

/** Subnets of one network and IP version are all in the pool or all outside: else they would be torn apart. */
const checkNetworksWhole = async (reader: Reader, pool: ScopedPool): Promise<void> => {
  const torn = await reader.query
    .selectFrom('subnets as others')
    .select('others.id')
    .where('others.ip_version', '=', pool.version)
    .where((eb) => eb.or([eb('others.subnetpool_id', 'is', null), eb('others.subnetpool_id', '!=', pool.id)]))
    .where('others.network_id', 'in', (eb) =>
      eb.selectFrom('subnets').select('subnets.network_id').where('subnets.subnetpool_id', '=', pool.id),
    )
    .limit(1)
    .executeTakeFirst();
  if (torn !== undefined) throw NetworkAddressScopeAffinityError();
};

const checkApart = async (reader: Reader, pool: ScopedPool, scopeId: string): Promise<void> => {
  const others = await reader.query
    .selectFrom('subnetpools')
    .select('prefixes')
    .where('address_scope_id', '=', scopeId)
    .where('id', '!=', pool.id)
    .execute();
  if (others.some((other) => intersects(setOf(prefixesIn(other.prefixes)), pool.set)))
    throw AddressScopePrefixConflict();
};

/**
 * Check that a pool may be in a scope: the project may use the scope, the IP versions are one, no address is in two pools
 * of the scope, and no network has subnets inside and outside of it.
 *
 * @throws ApiError AddressScopeNotFound, IllegalSubnetPoolIpVersionAssociationToAddressScope,
 *   NetworkAddressScopeAffinityError, AddressScopePrefixConflict
 */
export const checkScope = async (
  { tx, context, isAdmin }: WriteStep,
  pool: ScopedPool,
  scopeId: string,
): Promise<void> => {
  const scope = await scopeRow(tx, scopeId);
  if (scope === undefined) throw AddressScopeNotFound({ id: scopeId });
  if (!isAdmin && scope.project_id !== context.projectId) {
    const shared = await sharedAmong(tx, 'address_scope', [scopeId], context.projectId);
    if (!shared.has(scopeId)) throw AddressScopeNotFound({ id: scopeId });
  }
  if (scope.ip_version !== pool.version) {
    throw IllegalSubnetPoolIpVersionAssociationToAddressScope({
      id: pool.id,
      scope: scopeId,
      version: scope.ip_version,
    });
  }
  await checkNetworksWhole(tx, pool);
  await checkApart(tx, pool, scopeId);
};

/** A pool in somebody else's scope changes by an administrator's hand only. Throws ApiError IllegalSubnetPoolUpdate. */
export const checkScopeOwned = async (
  { tx, context, isAdmin }: WriteStep,
  poolId: string,
  scopeId: string,
): Promise<void> => {
  if (isAdmin) return;
  const scope = await scopeRow(tx, scopeId);
  if (scope === undefined || scope.project_id === context.projectId) return;
  throw IllegalSubnetPoolUpdate({
    reason: `subnetpool ${poolId} cannot be updated when associated with shared address scope ${scopeId}`,
  });
};
