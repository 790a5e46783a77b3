import { OutcomeUnknown, RetriesExhausted, ServiceUnavailable } from '@ovenbird/api';
import { type Backoff, retry } from '../core/retry.ts';
import { RetryTransaction } from './database.ts';
import { CommitOutcomeUnknown, StatementTimeout, TransactionConflict } from './transaction-errors.ts';

const BACKOFF: Backoff = { tries: 20, firstDelay: 4, maxDelay: 250, factor: 1.6 };

/**
 * Repeat a whole transaction while it loses against others; 503 when it never wins, when a statement took too long, or when
 * its outcome is not known.
 * `attempt` counts from 1. After
 * `patience`, in milliseconds, no try begins.
 */
export const retryTransaction = <T>(
  run: (attempt: number) => Promise<T>,
  patience = Number.POSITIVE_INFINITY,
): Promise<T> =>
  retry((attempt) => run(attempt).catch(hideUnknown), {
    backoff: BACKOFF,
    patience,
    retriable: (error) => error instanceof TransactionConflict || error instanceof RetryTransaction,
    exhausted: (cause, attempts) => RetriesExhausted({ attempts }, { cause }),
  });

const hideUnknown = (error: unknown): never => {
  if (error instanceof StatementTimeout) throw ServiceUnavailable(undefined, { cause: error });
  throw error instanceof CommitOutcomeUnknown ? OutcomeUnknown(undefined, { cause: error }) : error;
};
