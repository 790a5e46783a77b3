import type { Dialect } from 'kysely';
import { type Clock, timestamp } from '../core/clock.ts';
import type { Transaction } from './database.ts';
import { QueryScope, type SqlSession } from './scope.ts';

/** One attempt at a write transaction on `session`. */
export interface OpenTransaction {
  readonly scope: QueryScope;
  readonly tx: Transaction;
  /** To be called once, after the commit is durable: runs the callbacks of `onCommit`. */
  announce(): void;
}

export const openTransaction = (session: SqlSession, dialect: Dialect, clock: Clock): OpenTransaction => {
  const scope = new QueryScope(session, dialect);
  const callbacks: (() => void)[] = [];
  return {
    scope,
    tx: {
      query: scope.query,
      now: timestamp(clock.now()),
      onCommit: (callback) => void callbacks.push(callback),
    },
    announce() {
      for (const callback of callbacks) callback();
    },
  };
};
