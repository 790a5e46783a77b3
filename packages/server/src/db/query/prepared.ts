import {
  type Compilable,
  type CompiledQuery,
  ExpressionWrapper,
  FunctionNode,
  type Kysely,
  ValueNode,
} from 'kysely';
import type { Reader } from '../database.ts';
import type { Tables } from '../tables.ts';
import { EACH_TEXT } from './each-of.ts';
import type { SqlValue } from './source.ts';

/** What one run of a statement is given: single values, and lists of any length. */
type Values = { readonly [name: string]: SqlValue | readonly string[] };

type Part<T> = ExpressionWrapper<Tables, keyof Tables, T>;

/** Stands in the statement for what each run is given by that name. */
export interface Given<P extends Values> {
  one<K extends keyof P & string>(name: K): Part<P[K]>;
  /** The right side of `column in …`. */
  each<K extends keyof P & string>(name: K): Part<P[K] extends readonly (infer E)[] ? E : never>;
}

class Placeholder {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const spelled = new WeakMap<object, string>();

/** A list that cannot change is spelled once for all statements that are given it. */
const bound = (value: SqlValue | readonly string[] | undefined): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const text = spelled.get(value) ?? JSON.stringify(value);
  if (Object.isFrozen(value)) spelled.set(value, text);
  return text;
};

const parts: Given<never> = {
  one: (name: string) => new ExpressionWrapper(ValueNode.create(new Placeholder(name))),
  each: (name: string) =>
    new ExpressionWrapper(FunctionNode.create(EACH_TEXT, [ValueNode.create(new Placeholder(name))])),
};

/**
 * A statement that is built and compiled once for each dialect and then only bound: for statements of every request,
 * where building costs more than running.
 *
 * @example
 * const limitOf = prepared((query, given: Given<{ project: string }>) =>
 *   query.selectFrom('quotas').select('limit').where('project_id', '=', given.one('project')));
 * const rows = await limitOf(reader, { project: 'p' });
 */
export const prepared = <P extends Values, O>(
  build: (query: Kysely<Tables>, given: Given<P>) => Compilable<O>,
): ((reader: Reader, values: P) => Promise<readonly O[]>) => {
  const compiled = new WeakMap<object, CompiledQuery<O>>();
  return async (reader, values) => {
    const { adapter } = reader.query.getExecutor();
    let statement = compiled.get(adapter);
    if (statement === undefined) {
      // Placeholders know names only; which names there are is a matter of the types of `build`.
      statement = build(reader.query, parts as Given<P>).compile();
      compiled.set(adapter, statement);
    }
    const parameters = statement.parameters.map((value) =>
      value instanceof Placeholder ? bound(values[value.name]) : value,
    );
    const { rows } = await reader.query.executeQuery<O>({ ...statement, parameters });
    return rows;
  };
};

/** A {@link prepared} statement for rows of any number of ids. No query when there are none. */
export const preparedByIds = <O>(
  build: (query: Kysely<Tables>, ids: Part<string>) => Compilable<O>,
): ((reader: Reader, ids: readonly string[]) => Promise<readonly O[]>) => {
  const run = prepared((query, given: Given<{ ids: readonly string[] }>) => build(query, given.each('ids')));
  return async (reader, ids) => (ids.length === 0 ? [] : run(reader, { ids }));
};
