import type {
  ColumnValue,
  Condition,
  Mutation,
  Operation,
  Operations,
  TablesType,
  Uuid,
} from '../contract.ts';
import type { ColumnType, DatabaseSchema, TableSchema } from '../schema/database-schema.ts';
import { encodeValue } from '../wire/notation.ts';

const UUID_TYPE: ColumnType = { key: { type: 'uuid' }, min: 1, max: 1 };

type DynamicCondition = readonly [column: string, operator: string, value: ColumnValue];

/** Writes operations of RFC 7047 §5.2 in wire form. Names that the schema lacks throw a `TypeError`. */
export class OperationBuilder<T extends TablesType> implements Operations<T> {
  readonly #schema: DatabaseSchema;
  readonly #served: () => DatabaseSchema | undefined;

  /** In: the schema that the types are from, and a way to the one of the connected server, if there is one. */
  constructor(schema: DatabaseSchema, served: () => DatabaseSchema | undefined) {
    this.#schema = schema;
    this.#served = served;
  }

  insert<K extends keyof T & string>(table: K, uuid: Uuid, row: Partial<T[K]>): Operation {
    return { op: 'insert', table, uuid, row: this.#row(table, row) };
  }

  update<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    row: Partial<T[K]>,
  ): Operation {
    return { op: 'update', table, where: this.#where(table, where), row: this.#row(table, row) };
  }

  mutate<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    mutations: readonly Mutation<T[K]>[],
  ): Operation {
    return {
      op: 'mutate',
      table,
      where: this.#where(table, where),
      mutations: mutations.map(([column, mutator, value]) => [
        column,
        mutator,
        encodeValue(value, this.#type(table, column)),
      ]),
    };
  }

  delete<K extends keyof T & string>(table: K, where: readonly Condition<T[K]>[]): Operation {
    return { op: 'delete', table, where: this.#where(table, where) };
  }

  select<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    columns?: readonly (keyof T[K] & string)[],
  ): Operation {
    const selected = columns?.filter((column) => this.#serves(table, column));
    return {
      op: 'select',
      table,
      where: this.#where(table, where),
      ...(selected === undefined ? {} : { columns: selected }),
    };
  }

  wait<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    columns: readonly (keyof T[K] & string)[],
    until: '==' | '!=',
    rows: readonly Partial<T[K]>[],
    timeoutMs = 0,
  ): Operation {
    return {
      op: 'wait',
      timeout: timeoutMs,
      table,
      where: this.#where(table, where),
      columns: columns.filter((column) => this.#serves(table, column)),
      until,
      rows: rows.map((row) => this.#row(table, row)),
    };
  }

  comment(text: string): Operation {
    return { op: 'comment', comment: text };
  }

  assert(lock: string): Operation {
    return { op: 'assert', lock };
  }

  #table(table: string): TableSchema {
    const schema = this.#schema.tables[table];
    if (schema === undefined) throw new TypeError(`the schema has no table ${table}`);
    return schema;
  }

  #type(table: string, column: string): ColumnType {
    if (column === '_uuid') return UUID_TYPE;
    const schema = this.#table(table).columns[column];
    if (schema === undefined) throw new TypeError(`table ${table} has no column ${column}`);
    return schema.type;
  }

  /** Whether to send a column: true before the first connection, when nothing is known. */
  #serves(table: string, column: string): boolean {
    const served = this.#served()?.tables[table];
    return served === undefined || column === '_uuid' || served.columns[column] !== undefined;
  }

  #where(table: string, where: readonly DynamicCondition[]): readonly unknown[] {
    return where.map(([column, operator, value]) => [
      column,
      operator,
      encodeValue(value, this.#type(table, column)),
    ]);
  }

  /** In: a row whose values the caller's types have checked. */
  #row(table: string, row: object): { readonly [column: string]: unknown } {
    const wire: { [column: string]: unknown } = {};
    for (const [column, value] of Object.entries(row)) {
      const type = this.#type(table, column);
      if (this.#serves(table, column)) wire[column] = encodeValue(value, type);
    }
    return wire;
  }
}
