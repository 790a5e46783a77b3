import { setImmediate } from 'node:timers/promises';
import type { SqliteConnection } from './connection.ts';

/** Limits of one shared commit. */
export interface GroupLimits {
  readonly transactions: number;
  /** After this long no further transaction joins, milliseconds. */
  readonly milliseconds: number;
}

interface Pending {
  run(): Promise<void>;
  /** Told after the shared commit is durable. */
  committed(): void;
  failed(error: unknown): void;
}

/**
 * Group commit: write transactions that wait at the same time run one after another inside one `begin immediate …
 * commit` and share its fsync. Each has a savepoint of its own, so one that fails undoes itself alone. A transaction is
 * reported done only after the shared commit; when that fails, all of them failed.
 *
 * A callback that awaits anything but its own statements holds up the whole group and every writer behind it.
 */
export class GroupWriter implements AsyncDisposable {
  readonly #connection: SqliteConnection;
  readonly #limits: GroupLimits;
  readonly #queue: Pending[] = [];
  #running: Promise<void> | undefined;
  /** When the last group or reading so far gives the connection back. */
  #free: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(connection: SqliteConnection, limits: GroupLimits) {
    this.#connection = connection;
    this.#limits = limits;
  }

  /** Run `body` as one transaction; resolves when it is durable, rejects with what `body` threw or with why it is not. */
  write<T>(body: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new Error('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      let result: { readonly value: T } | undefined;
      this.#queue.push({
        async run() {
          result = { value: await body() };
        },
        committed() {
          if (result) resolve(result.value);
        },
        failed: reject,
      });
      this.#running ??= this.#work();
    });
  }

  /**
   * Run `body` on the writers' connection between two groups, whose pages it finds in the connection's own cache: it sees
   * all that was reported done. Writers wait for it meanwhile.
   */
  async read<T>(body: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the database is closed');
    return this.#alone(async () => {
      this.#connection.begin('begin');
      try {
        return await body();
      } finally {
        this.#connection.rollback();
      }
    });
  }

  /** Have the connection to oneself, in order of arrival. */
  async #alone<T>(body: () => Promise<T>): Promise<T> {
    const before = this.#free;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#free = promise;
    await before;
    try {
      return await body();
    } finally {
      resolve();
    }
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      // Let every request that has already arrived reach the queue, so that they share the commit.
      await setImmediate();
      await this.#alone(() => this.#group());
    }
    this.#running = undefined;
  }

  async #group(): Promise<void> {
    const members: Pending[] = [];
    try {
      this.#connection.begin('begin immediate');
      const started = performance.now();
      while (members.length < this.#limits.transactions) {
        if (members.length > 0 && performance.now() - started > this.#limits.milliseconds) break;
        const next = this.#queue.shift();
        if (!next) break;
        members.push(next);
        if (!(await this.#one(next))) members.pop();
      }
      this.#connection.control('commit');
    } catch (error) {
      this.#abandon(error, members.length > 0 ? members : this.#queue.splice(0));
      return;
    }
    for (const member of members) member.committed();
  }

  /** Whether it succeeded; when it failed alone its caller has been told. Throws when the whole group is lost. */
  async #one(pending: Pending): Promise<boolean> {
    this.#connection.control('savepoint one');
    try {
      await pending.run();
    } catch (error) {
      this.#connection.control('rollback to one');
      this.#connection.control('release one');
      pending.failed(error);
      return false;
    }
    this.#connection.control('release one');
    return true;
  }

  #abandon(error: unknown, members: readonly Pending[]): void {
    this.#connection.rollback();
    for (const member of members) member.failed(error);
  }

  /** Finishes what is queued. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.#free;
  }
}
