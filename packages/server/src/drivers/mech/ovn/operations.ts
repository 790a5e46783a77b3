import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { Mutation, Operation, Operations } from '@ovenbird/ovsdb';
import type { ActualRow } from './actual-rows.ts';
import { isOwnedColumn } from './column-diff.ts';
import type { Northbound } from './databases.ts';
import type { DesiredRow, MemberColumn, Membership, OwnedTable } from './desired/row.ts';
import { type KeyDiff, type RowUpdate, targetUuid } from './diff.ts';

type NorthboundOperations = Operations<NorthboundTables>;

/** Operations of one transaction; `mustHit[i]`: operation i is about a row that must exist (its count is then 1). */
export interface Plan {
  readonly operations: readonly Operation[];
  readonly mustHit: readonly boolean[];
}

class PlanWriter {
  readonly operations: Operation[] = [];
  readonly mustHit: boolean[] = [];

  add(operation: Operation, mustHit = false): void {
    this.operations.push(operation);
    this.mustHit.push(mustHit);
  }
}

const byUuid = (uuid: string) => [['_uuid', '==', uuid]] as const;

const insertOf = <K extends OwnedTable>(
  ops: NorthboundOperations,
  uuid: string,
  row: DesiredRow<K>,
): Operation => ops.insert(row.table, uuid, row.columns);

/** Whole columns of a row that differ, as an update; undefined when there are none. */
function updateOf<K extends OwnedTable>(
  ops: NorthboundOperations,
  row: DesiredRow<K>,
  update: RowUpdate,
): Operation | undefined {
  const changed = new Set(
    update.differences.filter((each) => each.patch === undefined).map((each) => each.column),
  );
  if (changed.size === 0) return undefined;
  const columns = { ...row.columns };
  for (const column of Object.keys(columns))
    if (!changed.has(column)) Reflect.deleteProperty(columns, column);
  return ops.update(row.table, byUuid(update.uuid), columns);
}

/** Keys of maps that we share with others, as a mutation; undefined when there are none. */
function patchOf<K extends OwnedTable>(
  ops: NorthboundOperations,
  row: DesiredRow<K>,
  update: RowUpdate,
): Operation | undefined {
  const mutations: Mutation<NorthboundTables[K]>[] = [];
  for (const { column, patch } of update.differences) {
    if (patch === undefined || !isOwnedColumn(row.table, column)) continue;
    if (patch.remove.size > 0) mutations.push([column, 'delete', patch.remove]);
    if (patch.put.size > 0) mutations.push([column, 'insert', patch.put]);
  }
  return mutations.length === 0 ? undefined : ops.mutate(row.table, byUuid(update.uuid), mutations);
}

/** Fails the transaction when the row is not the one that the update was worked out from. */
const guardOf = <K extends OwnedTable>(
  ops: NorthboundOperations,
  row: DesiredRow<K>,
  update: RowUpdate,
): Operation =>
  ops.wait<OwnedTable>(row.table, byUuid(update.uuid), ['external_ids'], '==', [
    { external_ids: update.externalIds },
  ]);

function mutateMembers(
  ops: NorthboundOperations,
  column: MemberColumn,
  parent: string,
  mutator: 'insert' | 'delete',
  elements: ReadonlySet<string>,
): Operation {
  switch (column) {
    case 'Logical_Switch.ports':
      return ops.mutate('Logical_Switch', byUuid(parent), [['ports', mutator, elements]]);
    case 'Logical_Switch.qos_rules':
      return ops.mutate('Logical_Switch', byUuid(parent), [['qos_rules', mutator, elements]]);
    case 'Logical_Switch.dns_records':
      return ops.mutate('Logical_Switch', byUuid(parent), [['dns_records', mutator, elements]]);
    case 'Port_Group.ports':
      return ops.mutate('Port_Group', byUuid(parent), [['ports', mutator, elements]]);
    case 'Port_Group.acls':
      return ops.mutate('Port_Group', byUuid(parent), [['acls', mutator, elements]]);
    case 'Logical_Router.ports':
      return ops.mutate('Logical_Router', byUuid(parent), [['ports', mutator, elements]]);
    case 'Logical_Router.static_routes':
      return ops.mutate('Logical_Router', byUuid(parent), [['static_routes', mutator, elements]]);
    case 'Logical_Router.nat':
      return ops.mutate('Logical_Router', byUuid(parent), [['nat', mutator, elements]]);
    case 'Logical_Router.load_balancer':
      return ops.mutate('Logical_Router', byUuid(parent), [['load_balancer', mutator, elements]]);
    case 'Logical_Switch.load_balancer':
      return ops.mutate('Logical_Switch', byUuid(parent), [['load_balancer', mutator, elements]]);
    case 'HA_Chassis_Group.ha_chassis':
      return ops.mutate('HA_Chassis_Group', byUuid(parent), [['ha_chassis', mutator, elements]]);
  }
}

/** Elements of many memberships, by the set that they are in. */
function bySet(members: Iterable<Membership>) {
  const sets = new Map<string, { column: MemberColumn; parent: string; elements: Set<string> }>();
  for (const { column, parent, element } of members) {
    const key = `${column} ${parent}`;
    const set = sets.get(key);
    if (set === undefined) sets.set(key, { column, parent, elements: new Set([element]) });
    else set.elements.add(element);
  }
  return sets.values();
}

/** Fails the transaction when the row that is to gain members is gone. */
function parentGuard(
  ops: NorthboundOperations,
  nb: Northbound,
  column: MemberColumn,
  parent: string,
): Operation {
  const table = parentTable(column);
  const name = nb[table].get(parent)?.name ?? '';
  return ops.wait<ParentTable>(table, byUuid(parent), ['name'], '==', [{ name }]);
}

/** Tables of rows that have sets of others. */
export type ParentTable = 'Logical_Switch' | 'Port_Group' | 'Logical_Router' | 'HA_Chassis_Group';

const parentTables: { readonly [column in MemberColumn]: ParentTable } = {
  'Logical_Switch.ports': 'Logical_Switch',
  'Logical_Switch.qos_rules': 'Logical_Switch',
  'Logical_Switch.dns_records': 'Logical_Switch',
  'Port_Group.ports': 'Port_Group',
  'Port_Group.acls': 'Port_Group',
  'Logical_Router.ports': 'Logical_Router',
  'Logical_Router.static_routes': 'Logical_Router',
  'Logical_Router.nat': 'Logical_Router',
  'Logical_Router.load_balancer': 'Logical_Router',
  'Logical_Switch.load_balancer': 'Logical_Switch',
  'HA_Chassis_Group.ha_chassis': 'HA_Chassis_Group',
};

/** Table of the rows whose set a column is. */
export const parentTable = (column: MemberColumn): ParentTable => parentTables[column];

// Rows of other tables live as long as a parent's set names them and go with their last mention. Ports do so as well, but
// OVSDB counts references before it collects them, and they may hold a group that has to go with them.
const DELETED = [
  'Address_Set',
  'Logical_Switch',
  'DNS',
  'Meter',
  'DHCP_Options',
  'Port_Group',
  'Logical_Router',
  'Logical_Router_Port',
  'HA_Chassis_Group',
  'BFD',
  'Load_Balancer',
] as const;

const isDeleted = (table: OwnedTable): table is (typeof DELETED)[number] =>
  DELETED.some((deleted) => deleted === table);

const deletedTable = (
  { table, uuid }: ActualRow,
  nb: Northbound,
): (typeof DELETED)[number] | 'Logical_Switch_Port' | undefined => {
  if (isDeleted(table)) return table;
  const holdsGroup =
    table === 'Logical_Switch_Port' && nb.Logical_Switch_Port.get(uuid)?.ha_chassis_group !== undefined;
  return holdsGroup ? table : undefined;
};

/**
 * Differences of several keys as the operations of one transaction. Sets that many keys contribute to are changed by one
 * mutation each. A row that is updated must still be as it was read, and a parent that gains members must exist,
 * otherwise the transaction fails as a whole.
 */
export function plan(differences: readonly KeyDiff[], nb: Northbound, ops: NorthboundOperations): Plan {
  const writer = new PlanWriter();
  for (const { updates } of differences)
    for (const update of updates) writer.add(guardOf(ops, update.row, update));
  const joins = [...bySet(differences.flatMap((each) => each.joins))];
  const made = new Set(differences.flatMap((each) => each.inserts.map((row) => row.uuid)));
  for (const { column, parent } of joins)
    if (!made.has(parent)) writer.add(parentGuard(ops, nb, column, parent));
  for (const { inserts } of differences)
    for (const row of inserts) writer.add(insertOf(ops, targetUuid(row, nb), row));
  for (const { updates } of differences)
    for (const update of updates) {
      const whole = updateOf(ops, update.row, update);
      if (whole !== undefined) writer.add(whole, true);
      const patch = patchOf(ops, update.row, update);
      if (patch !== undefined) writer.add(patch, true);
    }
  for (const { column, parent, elements } of bySet(differences.flatMap((each) => each.leaves)))
    writer.add(mutateMembers(ops, column, parent, 'delete', elements));
  for (const { column, parent, elements } of joins)
    writer.add(mutateMembers(ops, column, parent, 'insert', elements), true);
  for (const { deletes } of differences)
    for (const row of deletes) {
      const table = deletedTable(row, nb);
      if (table !== undefined) writer.add(ops.delete(table, byUuid(row.uuid)));
    }
  return writer;
}
