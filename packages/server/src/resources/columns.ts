import type { ColumnCodec, SqlValue } from '../engine/contract.ts';

/** A column that holds the attribute as it is: texts, numbers, null. */
export const plain = (column: string): ColumnCodec => ({
  column,
  encode: (value) => {
    if (value === null || typeof value === 'string' || typeof value === 'number') return value;
    throw new TypeError(`${column} cannot hold ${typeof value}`);
  },
});

/** A boolean kept as 0 or 1. */
export const flag = (column: string): ColumnCodec => ({
  column,
  encode: (value): SqlValue => (value === null ? null : value === true ? 1 : 0),
});

/** The flag of a boolean. */
export const flagOf = (value: boolean): 0 | 1 => (value ? 1 : 0);

/** Columns named like their attributes. */
export const plainColumns = (names: readonly string[]): { readonly [attribute: string]: ColumnCodec } =>
  Object.fromEntries(names.map((name) => [name, plain(name)]));

/** Attributes that every stored resource keeps in columns of the same name. */
export const standardColumns = plainColumns([
  'id',
  'project_id',
  'description',
  'created_at',
  'updated_at',
  'revision_number',
]);
