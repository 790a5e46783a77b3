import type { SubPort, Trunk } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import type { TrunksTable } from '../../db/tables.ts';
import type { ResourceStore } from '../../engine/contract.ts';
import { flag, plainColumns, standardColumns } from '../columns.ts';
import { listsBy, tagsOf } from '../tags.ts';

/** Sub-ports in the order in which trunks show them. */
export const inOrder = (subPorts: readonly SubPort[]): readonly SubPort[] =>
  subPorts.toSorted((a, b) => a.segmentation_id - b.segmentation_id);

/** A row and what belongs to it → the resource. */
export const trunkOf = (row: TrunksTable, subPorts: readonly SubPort[], tags: readonly string[]): Trunk => ({
  ...row,
  admin_state_up: row.admin_state_up === 1,
  sub_ports: subPorts,
  tags,
});

const subPortsOf = async (
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly SubPort[]>> => {
  const rows = await reader.query
    .selectFrom('trunk_sub_ports')
    .select(['trunk_id', 'port_id', 'segmentation_type', 'segmentation_id'])
    .where('trunk_id', 'in', eachOf(ids))
    .orderBy('segmentation_id')
    .execute();
  return listsBy(rows, ({ trunk_id: trunkId, ...subPort }) => [trunkId, subPort]);
};

const assemble = async (
  reader: Reader,
  rows: readonly TrunksTable[],
  wanted?: ReadonlySet<string>,
): Promise<readonly Trunk[]> => {
  if (rows.length === 0) return [];
  const wants = (name: string) => wanted === undefined || wanted.has(name);
  const ids = rows.map((row) => row.id);
  const subPorts = wants('sub_ports') ? await subPortsOf(reader, ids) : undefined;
  const tags = wants('tags') ? await tagsOf(reader, ids) : undefined;
  return rows.map((row) => trunkOf(row, subPorts?.get(row.id) ?? [], tags?.get(row.id) ?? []));
};

export const trunkStore: ResourceStore<Trunk> = {
  table: 'trunks',
  columns: {
    ...standardColumns,
    ...plainColumns(['name', 'port_id', 'status']),
    admin_state_up: flag('admin_state_up'),
  },
  filters: {},
  // The rows were read from `trunks`, all columns.
  assemble: (reader, rows, wanted) =>
    assemble(reader, rows as readonly unknown[] as readonly TrunksTable[], wanted),
};
