import { createHash } from 'node:crypto';

interface Entry<T> {
  readonly value: T;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Remembers what tokens mean, for a bounded time and a bounded number of tokens; keeps hashes, never tokens. */
export interface TokenCache<T> {
  get(token: string, now: number): T | undefined;
  /** `until`: milliseconds since the epoch. */
  set(token: string, value: T, until: number): void;
  clear(): void;
}

/** What stands for a token where it is remembered. */
export const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64');

/** @param capacity most tokens kept; the one unused for longest goes first */
export const createTokenCache = <T>(capacity: number): TokenCache<T> => {
  const entries = new Map<string, Entry<T>>();
  return {
    get(token, now) {
      const hash = hashOf(token);
      const entry = entries.get(hash);
      if (entry === undefined) return undefined;
      entries.delete(hash);
      if (entry.until <= now) return undefined;
      // A map iterates in insertion order: putting it back makes it the youngest.
      entries.set(hash, entry);
      return entry.value;
    },
    set(token, value, until) {
      entries.set(hashOf(token), { value, until });
      if (entries.size <= capacity) return;
      const [oldest] = entries.keys();
      if (oldest !== undefined) entries.delete(oldest);
    },
    clear: () => entries.clear(),
  };
};
