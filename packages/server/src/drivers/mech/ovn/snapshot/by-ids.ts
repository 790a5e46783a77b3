import type { Compilable, CompiledQuery, ExpressionWrapper, Kysely } from 'kysely';
import type { Reader } from '../../../../db/database.ts';
import { eachOf } from '../../../../db/query/each-of.ts';
import type { Tables } from '../../../../db/tables.ts';

type Ids = ExpressionWrapper<Tables, keyof Tables, string>;

const MARK = ['\u0001ids'];
const MARK_TEXT = JSON.stringify(MARK);

/**
 * A query for rows of many ids, built and compiled once and then run with one bound list, whatever its length. One
 * instance belongs to one database.
 */
export class ByIds<O> {
  readonly #build: (query: Kysely<Tables>, ids: Ids) => Compilable<O>;
  #compiled: CompiledQuery<O> | undefined;

  constructor(build: (query: Kysely<Tables>, ids: Ids) => Compilable<O>) {
    this.#build = build;
  }

  /** Rows for `ids`; no query when there are none. */
  async rows(reader: Reader, ids: readonly string[]): Promise<readonly O[]> {
    if (ids.length === 0) return [];
    this.#compiled ??= this.#build(reader.query, eachOf(MARK)).compile();
    const compiled = this.#compiled;
    const bound = JSON.stringify(ids);
    const parameters = compiled.parameters.map((value) => (value === MARK_TEXT ? bound : value));
    const result = await reader.query.executeQuery<O>({ ...compiled, parameters });
    return result.rows;
  }
}
