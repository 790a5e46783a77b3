import { setTimeout as delay } from 'node:timers/promises';

/**
 * Wait `milliseconds`, or until `signal` aborts; then it rejects with the signal's reason.
 */
export const sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
  signal?.throwIfAborted();
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
};
