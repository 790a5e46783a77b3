import type { ColumnValue, Uuid } from '../contract.ts';
import type { ColumnCodec } from './column-codec.ts';

/** A row as the replica itself sees it; users see it through the generated types. */
export interface DynamicRow {
  readonly _uuid: Uuid;
  [column: string]: ColumnValue;
}

/**
 * Make the constructor of a table's rows. All rows get the same columns in the same order, which keeps them small.
 * Reading a column of the schema that is not monitored throws a `TypeError`: it would otherwise look empty.
 */
export function rowConstructor(
  table: string,
  codecs: readonly ColumnCodec[],
  schemaColumns: readonly string[],
): (uuid: Uuid) => DynamicRow {
  class TableRow implements DynamicRow {
    readonly _uuid: Uuid;
    [column: string]: ColumnValue;

    constructor(uuid: Uuid) {
      this._uuid = uuid;
      for (const codec of codecs) this[codec.name] = codec.defaultValue;
    }
  }
  const monitored = new Set(codecs.map((codec) => codec.name));
  for (const column of schemaColumns) {
    if (monitored.has(column)) continue;
    Object.defineProperty(TableRow.prototype, column, {
      get() {
        throw new TypeError(`column ${column} of table ${table} is not monitored`);
      },
    });
  }
  return (uuid) => new TableRow(uuid);
}
