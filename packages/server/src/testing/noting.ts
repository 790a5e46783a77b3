import { DummyDriver, Kysely, SqliteDialect } from 'kysely';
import type { Tables } from '../db/tables.ts';

/** A statement as it was run. */
export interface NotedStatement {
  /** Of its first node, as `SelectQueryNode`. */
  readonly kind: string;
  readonly sql: string;
}

const notedOf = (given: unknown): NotedStatement | undefined => {
  if (typeof given !== 'object' || given === null || !('query' in given && 'sql' in given)) return undefined;
  const { query: node, sql } = given;
  if (typeof node !== 'object' || node === null || !('kind' in node)) return undefined;
  return { kind: String(node.kind), sql: String(sql) };
};

/** The same queries, each noted as it is run, compiled beforehand or not. */
export const noting = (query: Kysely<Tables>, note: (statement: NotedStatement) => void): Kysely<Tables> => {
  const executor = new Proxy(query.getExecutor(), {
    get(target, key) {
      const member: unknown = Reflect.get(target, key, target);
      if (typeof member !== 'function') return member;
      return (...given: readonly unknown[]): unknown => {
        const noted = key === 'executeQuery' ? notedOf(given[0]) : undefined;
        if (noted !== undefined) note(noted);
        return Reflect.apply(member, target, given);
      };
    },
  });
  // Only the executor runs anything; the dialect is what a Kysely must be made with.
  const dialect = new SqliteDialect({ database: () => Promise.reject(new Error('never opened')) });
  return new Kysely<Tables>({ config: { dialect }, dialect, driver: new DummyDriver(), executor });
};
