import type { Lock } from '../contract.ts';
import type { Link } from './link.ts';

interface HeldLock {
  owned: boolean;
  readonly listeners: Set<(owned: boolean) => void>;
}

/** The locks that users of a client asked for (RFC 7047 §4.1.8-4.1.10); asked for again on every new link. */
export class LockRequests {
  readonly #locks = new Map<string, HeldLock>();
  readonly #onFailure: (name: string, error: unknown) => void;
  #link: Link | undefined;

  constructor(onFailure: (name: string, error: unknown) => void) {
    this.#onFailure = onFailure;
  }

  /** Ask for a lock until disposed. `onChange` is called at each change, also at once when it is owned already. */
  add(name: string, onChange: (owned: boolean) => void): Lock {
    const known = this.#locks.get(name);
    const lock = known ?? { owned: false, listeners: new Set() };
    // A function of its own, so that one that is given twice counts twice.
    const listener = (owned: boolean): void => onChange(owned);
    lock.listeners.add(listener);
    if (known === undefined) {
      this.#locks.set(name, lock);
      this.#ask(name, lock);
    } else if (lock.owned) {
      listener(true);
    }
    return {
      steal: () => this.#steal(name, lock),
      [Symbol.dispose]: () => this.#drop(name, lock, listener),
    };
  }

  /** A new link is ready. */
  attach(link: Link): void {
    this.#link = link;
    for (const [name, lock] of this.#locks) this.#ask(name, lock);
  }

  /** The link is gone, and the ownership of every lock with it. */
  detach(): void {
    this.#link = undefined;
    for (const lock of this.#locks.values()) setOwned(lock, false);
  }

  /** A `locked` or `stolen` notification. */
  notified(method: 'locked' | 'stolen', name: unknown): void {
    const lock = typeof name === 'string' ? this.#locks.get(name) : undefined;
    if (lock !== undefined) setOwned(lock, method === 'locked');
  }

  /** Who waits for a lock has to let that be before it may steal. */
  #steal(name: string, lock: HeldLock): void {
    const link = this.#link;
    if (link === undefined || lock.owned || this.#locks.get(name) !== lock) return;
    link.request('unlock', [name], () => undefined).catch((error: unknown) => this.#onFailure(name, error));
    this.#ask(name, lock, 'steal');
  }

  #ask(name: string, lock: HeldLock, method: 'lock' | 'steal' = 'lock'): void {
    const link = this.#link;
    if (link === undefined) return;
    const current = (): boolean => this.#link === link && this.#locks.get(name) === lock;
    link
      .request(method, [name], (result) => {
        const locked = typeof result === 'object' && result !== null && 'locked' in result && result.locked;
        if (locked === true && current()) setOwned(lock, true);
      })
      .catch((error: unknown) => {
        if (current()) this.#onFailure(name, error);
      });
  }

  #drop(name: string, lock: HeldLock, listener: (owned: boolean) => void): void {
    if (!lock.listeners.delete(listener) || lock.listeners.size > 0) return;
    this.#locks.delete(name);
    this.#link
      ?.request('unlock', [name], () => undefined)
      .catch((error: unknown) => {
        if (this.#link !== undefined) this.#onFailure(name, error);
      });
  }
}

function setOwned(lock: HeldLock, owned: boolean): void {
  if (lock.owned === owned) return;
  lock.owned = owned;
  for (const listener of [...lock.listeners]) listener(owned);
}
