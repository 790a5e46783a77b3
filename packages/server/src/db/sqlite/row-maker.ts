import type { SQLOutputValue } from 'node:sqlite';

/** Values of one row in the order of the columns. */
export type SqlRow = readonly SQLOutputValue[];

/** Makes an object with a property for each column. */
export type RowMaker = (values: SqlRow) => { readonly [column: string]: SQLOutputValue };

/** Rows of a statement after which a function of its own is worth compiling. */
const WORTH_COMPILING = 64;

/** Copies share one shape in V8's sense. */
const copying = (columns: readonly string[]): RowMaker => {
  const blank = Object.fromEntries(columns.map((column): [string, SQLOutputValue] => [column, null]));
  return (values) => {
    const row = { ...blank };
    for (const [index, column] of columns.entries()) row[column] = values[index] ?? null;
    return row;
  };
};

/** The columns are names in this program's own statements; quoted, they can be nothing but names. */
const compiled = (columns: readonly string[]): RowMaker => {
  const members = columns.map((column, index) => `${JSON.stringify(column)}: values[${index}]`);
  // What the text says, the type says too.
  return new Function('values', `return { ${members.join(', ')} };`) as RowMaker;
};

/**
 * Makes rows that all have one shape in V8's sense. The objects that SQLite's own binding makes are hash tables: several
 * times as large, and slow to make and to read. A loop over the columns that all statements share is slow too, because V8
 * gives up on a place that meets hundreds of shapes; so a statement of many rows gets a function of its own.
 */
export const rowMaker = (columns: readonly string[]): RowMaker => {
  let make = copying(columns);
  let made = 0;
  return (values) => {
    made += 1;
    if (made === WORTH_COMPILING) make = compiled(columns);
    return make(values);
  };
};
