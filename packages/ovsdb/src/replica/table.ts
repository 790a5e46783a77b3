import type { TableReplica, Uuid } from '../contract.ts';
import type { TableSchema } from '../schema/database-schema.ts';
import { equalValues } from '../wire/notation.ts';
import { ColumnCodec } from './column-codec.ts';
import { type DynamicRow, rowConstructor } from './dynamic-row.ts';
import { type DynamicIndexKey, RowIndex } from './row-index.ts';

/** A row or a difference on the wire: columns in the notation of RFC 7047. */
export type WireRow = { readonly [column: string]: unknown };

export interface DynamicChange {
  readonly table: string;
  readonly kind: 'insert' | 'modify' | 'delete';
  readonly uuid: Uuid;
  readonly row: DynamicRow;
  readonly columns: ReadonlySet<string>;
}

/** What the server sent does not fit what it sent before; the replica has to be read anew. */
export class InconsistentUpdateError extends Error {
  constructor(table: string, uuid: Uuid, problem: string) {
    super(`${table} ${uuid}: ${problem}`);
    this.name = 'InconsistentUpdateError';
  }
}

export interface TableOptions {
  readonly name: string;
  readonly schema: TableSchema;
  /** Columns to keep; none: the table is not monitored. */
  readonly columns: readonly string[] | undefined;
  readonly indexes: { readonly [index: string]: DynamicIndexKey };
}

/** One table of the replica. Rows are changed in place; each change costs what it changes. */
export class ReplicaTable implements TableReplica<{ readonly [column: string]: DynamicRow[string] }> {
  readonly name: string;
  readonly monitored: boolean;
  /** Every kept column: the `columns` of inserts and deletes. */
  readonly columns: ReadonlySet<string>;
  readonly #codecs: ReadonlyMap<string, ColumnCodec>;
  readonly #newRow: (uuid: Uuid) => DynamicRow;
  readonly #rows = new Map<Uuid, DynamicRow>();
  readonly #indexes = new Map<string, RowIndex>();
  readonly #indexList: readonly RowIndex[];
  #served: TableSchema | undefined;

  constructor(options: TableOptions) {
    const { name, schema, columns, indexes } = options;
    this.name = name;
    this.monitored = columns !== undefined;
    const codecs = (columns ?? []).map((column) => {
      const columnSchema = schema.columns[column];
      if (columnSchema === undefined) throw new TypeError(`table ${name} has no column ${column}`);
      return new ColumnCodec(column, columnSchema.type);
    });
    this.columns = new Set(columns);
    this.#codecs = new Map(codecs.map((codec) => [codec.name, codec]));
    this.#newRow = rowConstructor(name, codecs, Object.keys(schema.columns));
    for (const [index, keyOf] of Object.entries(indexes)) this.#indexes.set(index, new RowIndex(keyOf));
    this.#indexList = [...this.#indexes.values()];
    this.#served = schema;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(uuid: Uuid): DynamicRow | undefined {
    return this.#rows.get(uuid);
  }

  rows(): IterableIterator<DynamicRow> {
    return this.#rows.values();
  }

  find(index: string, key: string): readonly DynamicRow[] {
    const rowIndex = this.#indexes.get(index);
    if (rowIndex === undefined) throw new TypeError(`table ${this.name} has no index ${index}`);
    return rowIndex.find(key);
  }

  has(column: string): boolean {
    return this.#served?.columns[column] !== undefined;
  }

  /** Take note of what the connected server has. */
  setServed(served: TableSchema | undefined): void {
    this.#served = served;
  }

  /** Columns to ask the server for; `undefined` when the table is not monitored or the server lacks it. */
  monitoredColumns(): readonly string[] | undefined {
    if (!this.monitored || this.#served === undefined) return undefined;
    return [...this.columns].filter((column) => this.has(column));
  }

  /** A whole row, columns with default values possibly left out: new, or put in place of the one that is there. */
  put(uuid: Uuid, wire: WireRow): DynamicChange | undefined {
    const known = this.#rows.get(uuid);
    if (known !== undefined) return this.#replace(known, wire);
    const row = this.#newRow(uuid);
    for (const column in wire) {
      const codec = this.#codecs.get(column);
      if (codec !== undefined) row[column] = codec.decode(wire[column]);
    }
    this.#rows.set(uuid, row);
    this.#refresh(row);
    return { table: this.name, kind: 'insert', uuid, row, columns: this.columns };
  }

  /** Differences of columns, as `update2` and `update3` send them. */
  patch(uuid: Uuid, diff: WireRow): DynamicChange {
    const row = this.#rows.get(uuid);
    if (row === undefined) throw new InconsistentUpdateError(this.name, uuid, 'modify of an unknown row');
    const columns = new Set<string>();
    for (const column in diff) {
      const codec = this.#codecs.get(column);
      if (codec === undefined) continue;
      row[column] = codec.applyDiff(row[column], diff[column]);
      columns.add(column);
    }
    this.#refresh(row);
    return { table: this.name, kind: 'modify', uuid, row, columns };
  }

  delete(uuid: Uuid): DynamicChange {
    const row = this.#rows.get(uuid);
    if (row === undefined) throw new InconsistentUpdateError(this.name, uuid, 'delete of an unknown row');
    this.#rows.delete(uuid);
    for (const index of this.#indexList) index.remove(row);
    return { table: this.name, kind: 'delete', uuid, row, columns: this.columns };
  }

  #replace(row: DynamicRow, wire: WireRow): DynamicChange | undefined {
    const columns = new Set<string>();
    for (const [column, codec] of this.#codecs) {
      const value = Object.hasOwn(wire, column) ? codec.decode(wire[column]) : codec.defaultValue;
      if (equalValues(row[column], value)) continue;
      row[column] = value;
      columns.add(column);
    }
    if (columns.size === 0) return undefined;
    this.#refresh(row);
    return { table: this.name, kind: 'modify', uuid: row._uuid, row, columns };
  }

  #refresh(row: DynamicRow): void {
    for (const index of this.#indexList) index.refresh(row);
  }
}
