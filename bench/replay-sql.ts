import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Recorded } from './recorded.ts';
import { type Summary, summarise } from './samples.ts';

/** Whether it is the transaction that a create is: it inserts into `table`. */
const inserts = (table: string) => (transaction: Recorded['sql'][number]) =>
  transaction.some(({ sql }) => sql.startsWith(`insert into "${table}"`));

/**
 * Run the recorded transactions that insert into `table` again, on a copy of the database as it was before: same
 * statements and values, prepared once, committed with full sync as the server does.
 */
export const replaySql = (
  path: string,
  recorded: Recorded,
  table: string,
): Summary & { statements: number } => {
  using database = new DatabaseSync(path);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const wanted = inserts(table);
  const durations: number[] = [];
  let statements = 0;
  const started = performance.now();
  for (const transaction of recorded.sql) {
    const steps = transaction.map(({ sql, values }) => ({ statement: prepare(sql), values }));
    const before = performance.now();
    database.exec('begin immediate');
    for (const { statement, values } of steps) statement.all(...values);
    database.exec('commit');
    if (!wanted(transaction)) continue;
    durations.push(performance.now() - before);
    statements += steps.length;
  }
  const summary = summarise(durations, performance.now() - started);
  return { ...summary, statements: statements / Math.max(1, durations.length) };
};
