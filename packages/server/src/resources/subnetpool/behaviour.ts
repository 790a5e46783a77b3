import {
  type CreateOf,
  HTTPBadRequest,
  IllegalSubnetPoolPrefixUpdate,
  InvalidInput,
  isDict,
  prefixList,
  SubnetPoolDeleteError,
  type Subnetpool,
  subnetpool,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import type { SubnetpoolsTable } from '../../db/tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { difference, includes, intersects } from '../../ipam/prefix-set.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { openEntry, removeEntries } from '../sharing.ts';
import { boundsOf, poolPrefixes, setOf, storedPrefixes } from './prefixes.ts';
import { checkScope, checkScopeOwned } from './scope.ts';
import { loadSubnetpool, poolRows, subnetpoolOf, subnetpoolStore } from './store.ts';

type Update = UpdateOf<typeof subnetpool>;

/** There is one default pool of each IP version. */
const checkDefault = async (reader: Reader, version: 4 | 6): Promise<void> => {
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

const createOne = async (
  ids: Ids,
  step: WriteStep,
  body: CreateOf<typeof subnetpool>,
): Promise<Subnetpool> => {
  const { tx, context } = step;
  const id = ids.uuid();
  const { version, set } = poolPrefixes(body.prefixes);
  const bounds = boundsOf(version, body);
  const scopeId = body.address_scope_id ?? null;
  if (body.is_default) await checkDefault(tx, version);
  if (scopeId !== null) await checkScope(step, { id, version, set }, scopeId);
  const row: SubnetpoolsTable = {
    id,
    project_id: body.project_id ?? context.projectId,
    name: body.name,
    description: body.description,
    ip_version: version,
    prefixes: storedPrefixes(set),
    default_quota: body.default_quota ?? null,
    ...bounds,
    is_default: flagOf(body.is_default),
    address_scope_id: scopeId,
    created_at: tx.now,
    updated_at: tx.now,
    revision_number: 1,
  };
  await insertRows(tx, 'subnetpools', [row]);
  if (body.shared) {
    const object = { type: 'subnetpool', id, projectId: row.project_id } as const;
    await insertRows(tx, 'rbac_entries', [openEntry(ids, object)]);
  }
  return subnetpoolOf(row, body.shared, []);
};

const storedRow = async (reader: Reader, id: string): Promise<SubnetpoolsTable> => {
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

const store = async (step: WriteStep, row: SubnetpoolsTable): Promise<Subnetpool> => {
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
  return JSON.stringify(next) === JSON.stringify(row) ? current : store(step, next);
};

const remove = async ({ tx }: WriteStep, pool: Subnetpool): Promise<void> => {
  const used = await tx.query
    .selectFrom('subnets')
    .select('id')
    .where('subnetpool_id', '=', pool.id)
    .limit(1)
    .executeTakeFirst();
  if (used !== undefined) throw SubnetPoolDeleteError({ reason: 'Subnet pool has existing allocations' });
  await removeEntries(tx, 'subnetpool', [pool.id]);
  await tx.query.deleteFrom('tags').where('object_id', '=', pool.id).execute();
  await tx.query.deleteFrom('subnetpools').where('id', '=', pool.id).execute();
};

/** The prefixes of an action's body. Throws ApiError 400. */
const prefixesOf = (body: unknown): readonly string[] => {
  const given: unknown = isDict(body) ? body.prefixes : undefined;
  if (!Array.isArray(given) || given.length === 0)
    throw HTTPBadRequest({ message: 'Request body contains invalid data' });
  const parsed = prefixList.parse(given);
  if (!parsed.ok) throw HTTPBadRequest({ message: parsed.reason });
  return parsed.value;
};

const addPrefixes = async (step: WriteStep, pool: Subnetpool, body: unknown) => {
  const prefixes = [...pool.prefixes, ...prefixesOf(body)];
  return { prefixes: (await updateSubnetpool(step, pool, { prefixes })).prefixes };
};

const removePrefixes = async (step: WriteStep, pool: Subnetpool, body: unknown) => {
  const { tx } = step;
  const { version, set: removed } = poolPrefixes(prefixesOf(body));
  const all = setOf(pool.prefixes);
  if (version !== pool.ip_version || !intersects(all, removed)) return { prefixes: pool.prefixes };
  const rows = await tx.query
    .selectFrom('subnets')
    .select('cidr')
    .where('subnetpool_id', '=', pool.id)
    .execute();
  if (intersects(setOf(rows.map((row) => row.cidr)), removed)) {
    throw IllegalSubnetPoolPrefixUpdate({
      msg: 'One or more the prefixes to be removed is in use by a subnet.',
    });
  }
  const row = await storedRow(tx, pool.id);
  if (row.address_scope_id !== null) await checkScopeOwned(step, pool.id, row.address_scope_id);
  const left = await store(step, { ...row, prefixes: storedPrefixes(difference(all, removed)) });
  return { prefixes: left.prefixes };
};

/** Subnet pools. Their prefixes only grow, unless they are removed by name while no subnet has them. */
export const createSubnetpoolBehaviour = (ids: Ids): StoredBehaviour<typeof subnetpool> => ({
  kind: 'stored',
  definition: subnetpool,
  store: subnetpoolStore,
  async create(step, bodies) {
    const made: Subnetpool[] = [];
    for (const body of bodies) made.push(await createOne(ids, step, body));
    return made;
  },
  update: updateSubnetpool,
  delete: remove,
  actions: {
    add_prefixes: (step, pool, { body }) => addPrefixes(step, pool, body),
    remove_prefixes: (step, pool, { body }) => removePrefixes(step, pool, body),
  },
});
