import {
  type AddressScope,
  AddressScopeInUse,
  AddressScopeUpdateError,
  addressScope,
  type CreateOf,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { insertRows } from '../insert.ts';
import { openEntry, removeEntries } from '../sharing.ts';
import { addressScopeStore } from './store.ts';

const create = async (
  ids: Ids,
  { tx, context }: WriteStep,
  bodies: readonly CreateOf<typeof addressScope>[],
): Promise<readonly AddressScope[]> => {
  const made = bodies.map((body) => ({
    id: ids.uuid(),
    project_id: body.project_id ?? context.projectId,
    name: body.name,
    ip_version: body.ip_version,
    shared: body.shared,
  }));
  await insertRows(
    tx,
    'address_scopes',
    made.map(({ shared: _shared, ...row }) => row),
  );
  const shared = made.filter((scope) => scope.shared);
  await insertRows(
    tx,
    'rbac_entries',
    shared.map(({ id, project_id }) => openEntry(ids, { type: 'address_scope', id, projectId: project_id })),
  );
  return made;
};

const update = async (
  ids: Ids,
  { tx }: WriteStep,
  current: AddressScope,
  body: UpdateOf<typeof addressScope>,
): Promise<AddressScope> => {
  const { name = current.name, shared = current.shared } = body;
  if (current.shared && !shared) {
    throw AddressScopeUpdateError({ id: current.id, reason: "Shared address scope can't be unshared" });
  }
  if (shared && !current.shared) {
    const object = { type: 'address_scope', id: current.id, projectId: current.project_id } as const;
    await insertRows(tx, 'rbac_entries', [openEntry(ids, object)]);
  }
  if (name !== current.name)
    await tx.query.updateTable('address_scopes').set({ name }).where('id', '=', current.id).execute();
  return { ...current, name, shared };
};

const remove = async ({ tx }: WriteStep, scope: AddressScope): Promise<void> => {
  const pool = await tx.query
    .selectFrom('subnetpools')
    .select('id')
    .where('address_scope_id', '=', scope.id)
    .limit(1)
    .executeTakeFirst();
  if (pool !== undefined) throw AddressScopeInUse({ id: scope.id });
  await removeEntries(tx, 'address_scope', [scope.id]);
  await tx.query.deleteFrom('address_scopes').where('id', '=', scope.id).execute();
};

/** Address scopes. One that subnet pools are in stays, and one that is shared stays shared. */
export const createAddressScopeBehaviour = (ids: Ids): StoredBehaviour<typeof addressScope> => ({
  kind: 'stored',
  definition: addressScope,
  store: addressScopeStore,
  create: (step, bodies) => create(ids, step, bodies),
  update: (step, current, body) => update(ids, step, current, body),
  delete: remove,
});
