import {
  AddressesAlreadyExist,
  AddressesNotFound,
  type AddressGroup,
  AddressGroupInUse,
  addressGroup,
  addressOrPrefixList,
  type CreateOf,
  InvalidInput,
  isDict,
  presenter,
  type UpdateOf,
} from '@ovenbird/api';
import type { Ids } from '../../core/ids.ts';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { AddressGroupsTable } from '../../db/tables.ts';
import type { StoredBehaviour, WriteStep } from '../../engine/contract.ts';
import { insertRows } from '../insert.ts';
import { removeEntries } from '../sharing.ts';
import { addressGroupOf, addressGroupStore, loadAddressGroup } from './store.ts';

/** The addresses of an action's body. Throws ApiError 400. */
const addressesIn = (body: unknown): readonly string[] => {
  const parsed = addressOrPrefixList.parse(isDict(body) ? body.addresses : undefined);
  if (!parsed.ok) throw InvalidInput({ message: parsed.reason });
  return parsed.value;
};

const insertAddresses = (step: WriteStep, groupId: string, addresses: readonly string[]): Promise<void> =>
  insertRows(
    step.tx,
    'address_group_addresses',
    addresses.map((address) => ({ address_group_id: groupId, address })),
  );

/** Move the group's revision, with columns that change, and tell of it. */
const revise = async (
  { tx, changes }: WriteStep,
  original: AddressGroup,
  columns: Partial<Pick<AddressGroupsTable, 'name' | 'description'>>,
): Promise<AddressGroup> => {
  await tx.query
    .updateTable('address_groups')
    .set({ ...columns, updated_at: tx.now })
    .set((eb) => ({ revision_number: eb('revision_number', '+', 1) }))
    .where('id', '=', original.id)
    .execute();
  const current = await loadAddressGroup(tx, original.id);
  changes.record({ kind: 'address_group', action: 'update', id: current.id, original, current });
  return current;
};

const create = async (
  ids: Ids,
  step: WriteStep,
  bodies: readonly CreateOf<typeof addressGroup>[],
): Promise<readonly AddressGroup[]> => {
  const { tx, changes, context } = step;
  const made = bodies.map((body) => ({
    addresses: body.addresses.toSorted(),
    row: {
      id: ids.uuid(),
      project_id: body.project_id ?? context.projectId,
      name: body.name,
      description: body.description,
      created_at: tx.now,
      updated_at: tx.now,
      revision_number: 1,
    },
  }));
  await insertRows(
    tx,
    'address_groups',
    made.map(({ row }) => row),
  );
  for (const { row, addresses } of made) await insertAddresses(step, row.id, addresses);
  return made.map(({ row, addresses }) => {
    const current = addressGroupOf(row, addresses, false);
    changes.record({ kind: 'address_group', action: 'create', id: row.id, current });
    return current;
  });
};

const update = async (
  step: WriteStep,
  original: AddressGroup,
  body: UpdateOf<typeof addressGroup>,
): Promise<AddressGroup> => {
  const { name = original.name, description = original.description } = body;
  if (name === original.name && description === original.description) return original;
  return revise(step, original, { name, description });
};

const isUsed = async (reader: Reader, id: string): Promise<boolean> => {
  for (const table of ['security_group_rules', 'default_security_group_rules'] as const) {
    const rule = await reader.query
      .selectFrom(table)
      .select('id')
      .where('remote_address_group_id', '=', id)
      .limit(1)
      .executeTakeFirst();
    if (rule !== undefined) return true;
  }
  return false;
};

const remove = async ({ tx, changes }: WriteStep, group: AddressGroup): Promise<void> => {
  if (await isUsed(tx, group.id)) throw AddressGroupInUse({ id: group.id });
  await removeEntries(tx, 'address_group', [group.id]);
  await tx.query.deleteFrom('address_groups').where('id', '=', group.id).execute();
  changes.record({ kind: 'address_group', action: 'delete', id: group.id, original: group });
};

const addAddresses = async (step: WriteStep, group: AddressGroup, body: unknown): Promise<AddressGroup> => {
  const addresses = addressesIn(body);
  const known = addresses.filter((address) => group.addresses.includes(address));
  if (known.length > 0) throw AddressesAlreadyExist({ addresses: known, id: group.id });
  if (addresses.length === 0) return group;
  await insertAddresses(step, group.id, addresses);
  return revise(step, group, {});
};

const removeAddresses = async (
  step: WriteStep,
  group: AddressGroup,
  body: unknown,
): Promise<AddressGroup> => {
  const addresses = addressesIn(body);
  const unknown = addresses.filter((address) => !group.addresses.includes(address));
  if (unknown.length > 0) throw AddressesNotFound({ addresses: unknown, id: group.id });
  if (addresses.length === 0) return group;
  await step.tx.query
    .deleteFrom('address_group_addresses')
    .where('address_group_id', '=', group.id)
    .where('address', 'in', eachOf(addresses))
    .execute();
  return revise(step, group, {});
};

const shown = presenter(addressGroup);
const answer = (group: AddressGroup) => ({ [addressGroup.name]: shown(group) });

/** Address groups: their addresses change by two actions, and a group that rules name stays. */
export const createAddressGroupBehaviour = (ids: Ids): StoredBehaviour<typeof addressGroup> => ({
  kind: 'stored',
  definition: addressGroup,
  store: addressGroupStore,
  create: (step, bodies) => create(ids, step, bodies),
  update,
  delete: remove,
  actions: {
    add_addresses: async (step, group, { body }) => answer(await addAddresses(step, group, body)),
    remove_addresses: async (step, group, { body }) => answer(await removeAddresses(step, group, body)),
  },
});
