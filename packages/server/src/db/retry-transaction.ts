import { OutcomeUnknown, RetriesExhausted } from '@ovenbird/api';
import { type Backoff, retry } from '../core/retry.ts';
import { RetryTransaction } from './database.ts';
import { CommitOutcomeUnknown, TransactionConflict } from './transaction-errors.ts';

const BACKOFF: Backoff = { tries: 20, firstDelay: 4, maxDelay: 250, factor: 1.6 };

/**
 * Repeat a whole transaction while it loses against others; 503 when it never wins, or when its outcome is not known.
 * `attempt` counts from 1.
 */
export const retryTransaction = <T>(run: (attempt: number) => Promise<T>): Promise<T> =>
  retry((attempt) => run(attempt).catch(hideUnknown), {
    backoff: BACKOFF,
    retriable: (error) => error instanceof TransactionConflict || error instanceof RetryTransaction,
    exhausted: (cause) => RetriesExhausted({ attempts: BACKOFF.tries }, { cause }),
  });

const hideUnknown = (error: unknown): never => {
  throw error instanceof CommitOutcomeUnknown ? OutcomeUnknown(undefined, { cause: error }) : error;
};
