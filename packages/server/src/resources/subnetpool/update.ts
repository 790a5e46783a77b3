import {
  IllegalSubnetPoolPrefixUpdate,
  InvalidInput,
  type Subnetpool,
  type subnetpool,
  type UpdateOf,
} from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import type { SubnetpoolsTable } from '../../db/tables.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { includes } from '../../ipam/prefix-set.ts';
import { flagOf } from '../columns.ts';
import { boundsOf, poolPrefixes, setOf, storedPrefixes } from './prefixes.ts';
import { checkScope, checkScopeOwned } from './scope.ts';
import { loadSubnetpool, poolRows } from './store.ts';

type Update = UpdateOf<typeof subnetpool>;

/** There is one default pool of each IP version. Throws ApiError InvalidInput. */
export const checkDefault = async (reader: Reader, version: 4 | 6): Promise<void> => {
  const found = await reader.query
    .selectFrom('subnetpools')
    .select('id')
    .where('is_default', '=', 1)
    .where('ip_version', '=', version)
    .executeTakeFirst();
  if (found === undefined) return;
  throw InvalidInput({
    message:
      'A default subnetpool for this IP family has already been set. Only one default may exist per IP family',
  });
};

/** The row of a pool that is there. */
export const storedRow = async (reader: Reader, id: string): Promise<SubnetpoolsTable> => {
  const [row] = await poolRows(reader, [id]);
  if (row === undefined) throw new Error(`subnet pool ${id} vanished within its own transaction`);
  return row;
};

/** The columns of a pool after an update. Throws ApiError IllegalSubnetPoolPrefixUpdate and as {@link boundsOf}. */
const changed = (row: SubnetpoolsTable, current: Subnetpool, body: Update): SubnetpoolsTable => {
  const { version, set } = poolPrefixes(body.prefixes ?? current.prefixes);
  if (!includes(set, setOf(current.prefixes))) {
    throw IllegalSubnetPoolPrefixUpdate({ msg: 'Existing prefixes must be a subset of the new prefixes' });
  }
  return {
    ...row,
    name: body.name ?? row.name,
    description: body.description ?? row.description,
    prefixes: storedPrefixes(set),
    default_quota: body.default_quota ?? row.default_quota,
    ...boundsOf(version, {
      min_prefixlen: body.min_prefixlen ?? row.min_prefixlen,
      max_prefixlen: body.max_prefixlen ?? row.max_prefixlen,
      default_prefixlen: body.default_prefixlen ?? row.default_prefixlen,
    }),
    is_default: body.is_default === undefined ? row.is_default : flagOf(body.is_default),
    address_scope_id: body.address_scope_id === undefined ? row.address_scope_id : body.address_scope_id,
  };
};

/** Store the columns of a pool, with one more revision. */
export const storePool = async (step: WriteStep, row: SubnetpoolsTable): Promise<Subnetpool> => {
  const { id, project_id: _owner, created_at: _made, ...columns } = row;
  await step.tx.query
    .updateTable('subnetpools')
    .set({ ...columns, updated_at: step.tx.now, revision_number: row.revision_number + 1 })
    .where('id', '=', id)
    .execute();
  return loadSubnetpool(step.tx, id, step.context);
};

/**
 * Update a pool.
 *
 * @throws ApiError 400, 404, 409 as the rules of pools and scopes say; nothing is stored then
 */
export const updateSubnetpool = async (
  step: WriteStep,
  current: Subnetpool,
  body: Update,
): Promise<Subnetpool> => {
  const { tx } = step;
  const row = await storedRow(tx, current.id);
  const next = changed(row, current, body);
  if (next.is_default === 1 && row.is_default === 0) await checkDefault(tx, next.ip_version);
  if (row.address_scope_id !== null) await checkScopeOwned(step, current.id, row.address_scope_id);
  if (next.address_scope_id !== null) {
    const pool = { id: current.id, version: next.ip_version, set: setOf(body.prefixes ?? current.prefixes) };
    await checkScope(step, pool, next.address_scope_id);
  }
  return JSON.stringify(next) === JSON.stringify(row) ? current : storePool(step, next);
};
