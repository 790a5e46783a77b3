import type { SQLOutputValue } from 'node:sqlite';

/** Values of one row in the order of the columns. */
export type SqlRow = readonly SQLOutputValue[];

/** Makes an object with a property for each column. */
export type RowMaker = (values: SqlRow) => { readonly [column: string]: SQLOutputValue };

/**
 * Makes rows that all have one shape in V8's sense, because copying an object copies its shape. The objects that SQLite's
 * own binding makes are hash tables: several times as large, and slow to make and to read.
 */
export const rowMaker = (columns: readonly string[]): RowMaker => {
  const blank = Object.fromEntries(columns.map((column): [string, SQLOutputValue] => [column, null]));
  return (values) => {
    const row = { ...blank };
    for (const [index, column] of columns.entries()) row[column] = values[index] ?? null;
    return row;
  };
};
