import type { DatabaseSchema } from '../schema/database-schema.ts';
import type { DynamicIndexKey } from './row-index.ts';
import { type DynamicChange, InconsistentUpdateError, ReplicaTable, type WireRow } from './table.ts';

/** Which notation an update has: `update` of RFC 7047 §4.1.6, or `update2`/`update3` of ovsdb-server(7). */
export type UpdateNotation = 'update' | 'update2';

export interface ReplicaStoreOptions {
  readonly schema: DatabaseSchema;
  readonly monitor: { readonly [table: string]: 'all' | readonly string[] | undefined };
  /** Rows to ask for: conditions in wire notation; tables that are not named are asked for in full. */
  readonly conditions?: { readonly [table: string]: readonly (readonly unknown[])[] | undefined };
  readonly indexes: { readonly [table: string]: { readonly [index: string]: DynamicIndexKey } | undefined };
}

/** What is asked for of one table; `where` only with conditions. */
export interface TableMonitor {
  readonly columns: readonly string[];
  readonly where?: readonly (readonly unknown[])[];
}

export type MonitorRequests = { readonly [table: string]: readonly [TableMonitor] };

type JsonObject = { readonly [member: string]: unknown };

function object(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError(`${what} must be an object`);
  }
  // An object that is no array has members by name; the compiler does not narrow to an index signature.
  return value as JsonObject;
}

/** The tables of the replica, and the three ways in which updates reach them. Changes are appended in wire order. */
export class ReplicaStore {
  readonly tables: { readonly [table: string]: ReplicaTable };
  readonly #conditions: NonNullable<ReplicaStoreOptions['conditions']>;

  constructor(options: ReplicaStoreOptions) {
    const { schema, monitor, indexes, conditions = {} } = options;
    this.#conditions = conditions;
    for (const name of [...Object.keys(monitor), ...Object.keys(indexes), ...Object.keys(conditions)]) {
      if (schema.tables[name] === undefined) throw new TypeError(`the schema has no table ${name}`);
    }
    const tables: { [table: string]: ReplicaTable } = {};
    for (const [name, table] of Object.entries(schema.tables)) {
      const wanted = monitor[name];
      const columns = wanted === 'all' ? Object.keys(table.columns) : wanted;
      tables[name] = new ReplicaTable({ name, schema: table, columns, indexes: indexes[name] ?? {} });
    }
    this.tables = tables;
  }

  /** Take note of what the connected server has. */
  setServed(schema: DatabaseSchema): void {
    for (const [name, table] of Object.entries(this.tables)) table.setServed(schema.tables[name]);
  }

  /** The monitor requests (RFC 7047 §4.1.5) for what the server has of what is wanted. */
  monitorRequests(): MonitorRequests {
    const requests: { [table: string]: readonly [TableMonitor] } = {};
    for (const [name, table] of Object.entries(this.tables)) {
      const columns = table.monitoredColumns();
      const where = this.#conditions[name];
      if (columns !== undefined) requests[name] = [where === undefined ? { columns } : { columns, where }];
    }
    return requests;
  }

  /**
   * A snapshot: everything the server has. Only differences change the replica and are appended, deletes first, so
   * that a key that moved to another row is free before it is taken.
   */
  replaceAll(updates: unknown, notation: UpdateNotation, changes: DynamicChange[]): void {
    const snapshot = object(updates, 'table updates');
    for (const [name, table] of Object.entries(this.tables)) {
      if (table.size === 0) continue;
      const rows = object(snapshot[name] ?? {}, 'a table update');
      for (const row of table.rows()) {
        if (!Object.hasOwn(rows, row._uuid)) changes.push(table.delete(row._uuid));
      }
    }
    this.apply(updates, notation, changes);
  }

  /** An update notification, or the changes since the last known transaction. */
  apply(updates: unknown, notation: UpdateNotation, changes: DynamicChange[]): void {
    const tableUpdates = object(updates, 'table updates');
    const applyRow = notation === 'update2' ? applyRowUpdate2 : applyRowUpdate;
    for (const name in tableUpdates) {
      const table = this.tables[name];
      if (table === undefined) continue;
      const rows = object(tableUpdates[name], 'a table update');
      for (const uuid in rows) {
        const change = applyRow(table, uuid, object(rows[uuid], 'a row update'));
        if (change !== undefined) changes.push(change);
      }
    }
  }
}

function applyRowUpdate2(table: ReplicaTable, uuid: string, update: JsonObject): DynamicChange | undefined {
  if (Object.hasOwn(update, 'modify')) return table.patch(uuid, object(update.modify, 'modify'));
  if (Object.hasOwn(update, 'insert')) return table.put(uuid, object(update.insert, 'insert'));
  if (Object.hasOwn(update, 'initial')) return table.put(uuid, object(update.initial, 'initial'));
  if (Object.hasOwn(update, 'delete')) return table.delete(uuid);
  throw new InconsistentUpdateError(table.name, uuid, 'an update of unknown kind');
}

function applyRowUpdate(table: ReplicaTable, uuid: string, update: JsonObject): DynamicChange | undefined {
  if (Object.hasOwn(update, 'new')) {
    const row: WireRow = object(update.new, 'new');
    if (Object.hasOwn(update, 'old') && table.get(uuid) === undefined) {
      throw new InconsistentUpdateError(table.name, uuid, 'modify of an unknown row');
    }
    return table.put(uuid, row);
  }
  if (Object.hasOwn(update, 'old')) return table.delete(uuid);
  throw new InconsistentUpdateError(table.name, uuid, 'an update of unknown kind');
}
