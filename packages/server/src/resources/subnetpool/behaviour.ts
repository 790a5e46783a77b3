import {
  type CreateOf,
  HTTPBadRequest,
  IllegalSubnetPoolPrefixUpdate,
  isDict,
  prefixList,
  SubnetPoolDeleteError,
  type Subnetpool,
  subnetpool,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { SubnetpoolsTable } from '../../db/tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { difference, intersects } from '../../ipam/prefix-set.ts';
import { flagOf } from '../columns.ts';
import { insertRows } from '../insert.ts';
import { openEntry, removeEntries } from '../sharing.ts';
import type { SubnetDependencies } from '../subnet/dependencies.ts';
import { onboardSubnets } from './onboard.ts';
import { boundsOf, poolPrefixes, setOf, storedPrefixes } from './prefixes.ts';
import { checkScope, checkScopeOwned } from './scope.ts';
import { subnetpoolOf, subnetpoolStore } from './store.ts';
import { checkDefault, storedRow, storePool, updateSubnetpool } from './update.ts';

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
  const left = await storePool(step, { ...row, prefixes: storedPrefixes(difference(all, removed)) });
  return { prefixes: left.prefixes };
};

/** Subnet pools. Their prefixes only grow, unless they are removed by name while no subnet has them. */
export const createSubnetpoolBehaviour = (
  ids: Ids,
  deps: Pick<SubnetDependencies, 'loadNetworks'>,
): StoredBehaviour<typeof subnetpool> => ({
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
    onboard_network_subnets: (step, pool, { body }) => onboardSubnets(deps, step, pool, body),
  },
});
