import type { Database, Transaction } from '../db/database.ts';
import type { WriteStep } from '../engine/contract.ts';
import type { RequestContext } from '../identity/context.ts';
import type { Changes, TransactionChanges } from './changes.ts';

/** The result of a committed write and what it did; the caller runs `changes.postcommit()` when it is done. */
export interface Written<T> {
  readonly result: T;
  readonly changes: Changes;
}

/**
 * The only way to change API objects: one transaction, retried as a whole, with the drivers' precommit at its end.
 * The callback may run several times and must have no effect but through its step.
 */
export type Write = <T>(
  context: RequestContext,
  isAdmin: boolean,
  callback: (step: WriteStep) => Promise<T>,
) => Promise<Written<T>>;

export interface WriterOptions {
  readonly database: Database;
  readonly plugin: { changes(tx: Transaction): TransactionChanges };
}

export const createWriter =
  ({ database, plugin }: WriterOptions): Write =>
  async (context, isAdmin, callback) => {
    const { result, taken } = await database.transaction(async (tx) => {
      const recorder = plugin.changes(tx);
      const outcome = await callback({ tx, context, isAdmin, changes: recorder });
      await recorder.precommit();
      return { result: outcome, taken: recorder };
    });
    return { result, changes: taken.committed() };
  };

/** Who acts when the service itself does: binding, status, metadata ports. An administrator without a project. */
export const serviceContext = (requestId: string): RequestContext => ({
  requestId,
  userId: '',
  userName: 'ovenbird',
  projectId: '',
  projectName: '',
  domainId: '',
  roles: ['admin', 'service'],
  systemScope: false,
  serviceRoles: [],
});
