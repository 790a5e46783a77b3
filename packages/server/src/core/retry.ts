import { sleep } from './sleep.ts';

/** How often and how far apart to try again. Times in milliseconds. */
export interface Backoff {
  readonly tries: number;
  readonly firstDelay: number;
  readonly maxDelay: number;
  /** Delay of each further try, as a multiple of the one before. */
  readonly factor: number;
}

/**
 * Delay before try `attempt` (1 is the first repetition), in milliseconds: exponential, capped, and spread over its
 * upper half so that rivals that failed together do not meet again.
 */
export const backoffDelay = (
  backoff: Backoff,
  attempt: number,
  random: () => number = Math.random,
): number => {
  const ceiling = Math.min(backoff.maxDelay, backoff.firstDelay * backoff.factor ** (attempt - 1));
  return ceiling * (0.5 + random() / 2);
};

export interface RetryOptions {
  readonly backoff: Backoff;
  /** Milliseconds after which no try begins; default: any time. */
  readonly patience?: number;
  /** Whether another try can help. */
  retriable(error: unknown): boolean;
  /** What to throw when the tries are used up; default: the last error. */
  exhausted?(last: unknown, attempts: number): unknown;
  readonly signal?: AbortSignal;
  readonly random?: () => number;
}

/** Run `action` until it succeeds, fails for good or the tries are used up. `attempt` counts from 1. */
export const retry = async <T>(
  action: (attempt: number) => Promise<T>,
  options: RetryOptions,
): Promise<T> => {
  const { tries } = options.backoff;
  const deadline = performance.now() + (options.patience ?? Number.POSITIVE_INFINITY);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action(attempt);
    } catch (error) {
      if (!options.retriable(error)) throw error;
      if (attempt >= tries || performance.now() > deadline)
        throw options.exhausted ? options.exhausted(error, attempt) : error;
    }
    await sleep(backoffDelay(options.backoff, attempt, options.random), options.signal);
  }
};
