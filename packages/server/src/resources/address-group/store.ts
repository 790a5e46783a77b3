import type { AddressGroup } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { AddressGroupsTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import type { RequestContext } from '../../identity/context.ts';
import { plainColumns, standardColumns } from '../columns.ts';
import { grantedTo, sharedAmong, targetsFor } from '../sharing.ts';
import { listsBy } from '../tags.ts';

const addressesOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const rows = await reader.query
    .selectFrom('address_group_addresses')
    .select(['address_group_id', 'address'])
    .where('address_group_id', 'in', eachOf(ids))
    .orderBy('address')
    .execute();
  return listsBy(rows, (row) => [row.address_group_id, row.address]);
};

/** A row and what belongs to it → the resource. */
export const addressGroupOf = (
  row: AddressGroupsTable,
  addresses: readonly string[],
  shared: boolean,
): AddressGroup => ({ ...row, addresses, shared });

const assemble = async (
  reader: Reader,
  rows: readonly AddressGroupsTable[],
  wanted?: ReadonlySet<string>,
  viewer?: RequestContext,
): Promise<readonly AddressGroup[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const addresses = wants('addresses') ? await addressesOf(reader, ids) : undefined;
  const shared = wants('shared')
    ? await sharedAmong(reader, 'address_group', ids, viewer?.projectId)
    : undefined;
  return rows.map((row) => addressGroupOf(row, addresses?.get(row.id) ?? [], shared?.has(row.id) ?? false));
};

/** An address group anew. */
export const loadAddressGroup = async (reader: Reader, id: string): Promise<AddressGroup> => {
  const rows = await reader.query.selectFrom('address_groups').selectAll().where('id', '=', id).execute();
  const [group] = await assemble(reader, rows);
  if (group === undefined) throw new Error(`address group ${id} vanished within its own transaction`);
  return group;
};

export const addressGroupStore: ResourceStore<AddressGroup> = {
  table: 'address_groups',
  columns: { ...standardColumns, ...plainColumns(['name']) },
  filters: {},
  visibleTo: (context) => grantedTo('address_group', 'address_groups', targetsFor(context.projectId)),
  // The rows were read from `address_groups`, all columns.
  assemble: (reader, rows, wanted, viewer) =>
    assemble(reader, rows as readonly unknown[] as readonly AddressGroupsTable[], wanted, viewer),
};
