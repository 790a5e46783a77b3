import { RetryTransaction, UniqueViolation } from '../../db/database.ts';

/**
 * What to throw where a MAC address or address that was found free a moment ago is taken: another process was faster,
 * and a new try of the transaction sees its rows. Any other error is itself.
 */
export const lostRace = (error: unknown): unknown =>
  error instanceof UniqueViolation
    ? new RetryTransaction(`${error.table} changed meanwhile`, { cause: error })
    : error;
