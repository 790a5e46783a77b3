import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Recorded } from './recorded.ts';

type SqlTransaction = Recorded['sql'][number];

/** Runs recorded write transactions again, one after another. */
export interface SqlReplay extends Disposable {
  /** Statements of one create, on average. */
  readonly statements: number;
  /** Run on until `count` more creates have been run. Milliseconds of each of them. */
  run(count: number): readonly number[];
}

/** Whether it is the transaction that a create is: it inserts into `table`. */
const inserts = (table: string) => (transaction: SqlTransaction) =>
  transaction.some(({ sql }) => sql.startsWith(`insert into "${table}"`));

/**
 * Replay the recorded transactions on a copy of the database as it was before: same statements and values, prepared once,
 * committed with full sync as the server does. Those that insert into `table` are the creates.
 */
export const openSqlReplay = (path: string, recorded: Recorded, table: string): SqlReplay => {
  const database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const timed = (transaction: SqlTransaction): number => {
    const steps = transaction.map(({ sql, values }) => ({ statement: prepare(sql), values }));
    const before = performance.now();
    database.exec('begin immediate');
    for (const { statement, values } of steps) statement.all(...values);
    database.exec('commit');
    return performance.now() - before;
  };
  const isCreate = inserts(table);
  const creates = recorded.sql.filter(isCreate);
  const waiting = [...recorded.sql];
  return {
    statements: creates.flat().length / Math.max(1, creates.length),
    run(count) {
      const durations: number[] = [];
      while (durations.length < count) {
        const next = waiting.shift();
        if (next === undefined) break;
        const took = timed(next);
        if (isCreate(next)) durations.push(took);
      }
      return durations;
    },
    [Symbol.dispose]: () => database.close(),
  };
};
