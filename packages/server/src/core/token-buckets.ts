/** What a key may still do. */
interface Bucket {
  tokens: number;
  /** When `tokens` was right, milliseconds. */
  at: number;
}

/** Allows each key a number of events a second, and after a pause a burst of them. */
export interface TokenBuckets {
  /** Count an event. Seconds to wait, when there have been too many; 0: go on. */
  take(key: string): number;
  /** What `take` would say, without counting. */
  wait(key: string): number;
  /** Count an event that has happened, also one too many: those that follow wait the longer. */
  charge(key: string): void;
}

export interface TokenBucketOptions {
  /** Events a second in the long run, greater than 0. */
  readonly rate: number;
  /** Events at once after a pause, at least 1. */
  readonly burst: number;
  /** Keys remembered; the one unused for longest is forgotten first, and starts with a full burst again. */
  readonly capacity: number;
  /** A clock that only goes forward, milliseconds. */
  readonly now: () => number;
}

/**
 * How much of a token rounding may cost: fractions of a second do not add up exactly, and who waited as told must pass.
 * What is taken too early is owed, so it never adds up.
 */
const ROUNDING = 1e-6;

export const createTokenBuckets = ({ rate, burst, capacity, now }: TokenBucketOptions): TokenBuckets => {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (key: string, at: number): Bucket => {
    const known = buckets.get(key);
    if (known === undefined) return { tokens: burst, at };
    return { tokens: Math.min(burst, known.tokens + ((at - known.at) / 1000) * rate), at };
  };
  const missing = ({ tokens }: Bucket): number => (tokens >= 1 - ROUNDING ? 0 : (1 - tokens) / rate);
  const remember = (key: string, bucket: Bucket): void => {
    // A map iterates in insertion order: putting it back makes it the youngest.
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size <= capacity) return;
    const [oldest] = buckets.keys();
    if (oldest !== undefined) buckets.delete(oldest);
  };
  return {
    wait: (key) => missing(bucketOf(key, now())),
    charge(key) {
      const { tokens, at } = bucketOf(key, now());
      remember(key, { tokens: tokens - 1, at });
    },
    take(key) {
      const bucket = bucketOf(key, now());
      const seconds = missing(bucket);
      if (seconds === 0) bucket.tokens -= 1;
      remember(key, bucket);
      return seconds;
    },
  };
};
