import type { Compilable, CompiledQuery, InsertObject, InsertQueryBuilder, InsertResult } from 'kysely';
import type { Transaction } from '../database.ts';
import type { Tables } from '../tables.ts';

/** What follows the values of an insert, by a name that is its own. */
export interface InsertEnd<T extends keyof Tables, O> {
  readonly name: string;
  readonly build: (query: InsertQueryBuilder<Tables, T, InsertResult>) => Compilable<O>;
}

/** An insert that ends with its values. */
export const asTheyAre = { name: '', build: <Q>(query: Q): Q => query };

/** Compiled statements of each dialect; the longest unused one makes room. */
const compiledInserts = new WeakMap<object, Map<string, CompiledQuery<unknown>>>();
const KEPT = 256;
/** Longer statements are rare, and running them costs much more than building them. */
const KEPT_ROWS = 100;

/** All values in the order of the statement; undefined when the rows are not alike or hold more than values. */
const parametersOf = (
  rows: readonly { readonly [column: string]: unknown }[],
  columns: readonly string[],
): readonly unknown[] | undefined => {
  const parameters: unknown[] = [];
  for (const row of rows) {
    if (Object.keys(row).length !== columns.length) return undefined;
    for (const column of columns) {
      const value = row[column];
      if (value === undefined || (typeof value === 'object' && value !== null)) return undefined;
      parameters.push(value);
    }
  }
  return parameters;
};

const keep = <O>(
  known: Map<string, CompiledQuery<unknown>>,
  key: string,
  statement: CompiledQuery<O>,
): void => {
  const oldest = known.size >= KEPT ? known.keys().next() : undefined;
  if (oldest !== undefined && !oldest.done) known.delete(oldest.value);
  known.set(key, statement);
};

/**
 * Insert rows of one shape with one statement, which is built and compiled once for each table, shape and number of
 * rows. The caller sees to the number of parameters.
 */
export const insertCompiled = async <T extends keyof Tables & string, O>(
  tx: Transaction,
  table: T,
  rows: readonly InsertObject<Tables, T>[],
  end: InsertEnd<T, O>,
): Promise<readonly O[]> => {
  const build = () => end.build(tx.query.insertInto(table).values(rows)).compile();
  const columns = Object.keys(rows[0] ?? {});
  const parameters = rows.length > KEPT_ROWS ? undefined : parametersOf(rows, columns);
  if (parameters === undefined) return (await tx.query.executeQuery(build())).rows;
  const { adapter } = tx.query.getExecutor();
  const known = compiledInserts.get(adapter) ?? new Map<string, CompiledQuery<unknown>>();
  compiledInserts.set(adapter, known);
  const key = [table, rows.length, end.name, ...columns].join(' ');
  // The key names all that the statement was built from, its result type included.
  const statement = (known.get(key) as CompiledQuery<O> | undefined) ?? build();
  known.delete(key);
  keep(known, key, statement);
  return (await tx.query.executeQuery<O>({ ...statement, parameters })).rows;
};
