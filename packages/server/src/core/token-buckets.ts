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

export const createTokenBuckets = ({ rate, burst, capacity, now }: TokenBucketOptions): TokenBuckets => {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (key: string, at: number): Bucket => {
    const known = buckets.get(key);
    if (known === undefined) return { tokens: burst, at };
    // A map iterates in insertion order: putting it back makes it the youngest.
    buckets.delete(key);
    return { tokens: Math.min(burst, known.tokens + ((at - known.at) / 1000) * rate), at };
  };
  return {
    take(key) {
      const bucket = bucketOf(key, now());
      const enough = bucket.tokens >= 1;
      if (enough) bucket.tokens -= 1;
      buckets.set(key, bucket);
      if (buckets.size > capacity) {
        const [oldest] = buckets.keys();
        if (oldest !== undefined) buckets.delete(oldest);
      }
      return enough ? 0 : (1 - bucket.tokens) / rate;
    },
  };
};
