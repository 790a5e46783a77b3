import { type Clock, timestamp } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Database, Transaction } from '../../../db/database.ts';
import { eachOf } from '../../../db/query/each-of.ts';
import { asTheyAre, insertCompiled } from '../../../db/query/insert.ts';
import type { Outcome } from './apply.ts';
import { keyOf, keyText, kindOrder, type OvnKey } from './key.ts';

export interface JournalOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly apply: (keys: readonly OvnKey[]) => Promise<Outcome>;
  /** Whether this process is the one of all that replays what was left behind. */
  readonly elected: () => boolean;
}

/** How often rows that somebody left behind are looked for, and the age from which they count as left behind. */
const DRAIN_MS = 1_000;
const LEFT_BEHIND_MS = 3_000;
const DRAIN_ROWS = 500;
/** A key that the database refuses is tried again at doubling intervals, at most this many milliseconds apart. */
const MAX_BACKOFF_MS = 60_000;
/** Rows that were carried out are deleted together, outside of any request; milliseconds. */
const SWEEP_MS = 250;
const ERROR_LENGTH = 1_000;

const INSERT_ROWS = 100;

/**
 * What has been committed in SQL and is not yet known to be in OVN. Rows are written with the change and deleted some
 * time after OVN has it, never in the way of a request. Replaying a row is harmless.
 */
export class Journal implements AsyncDisposable {
  readonly #options: JournalOptions;
  readonly #closing = new AbortController();
  readonly #refused = new Map<string, { readonly wait: number; readonly until: number }>();
  readonly #finished = new Set<number>();
  #sweeping: Promise<void> | undefined;
  #draining: Promise<void> | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Note in the change's own transaction that the rows of `keys` may differ. */
  async record(tx: Transaction, keys: readonly OvnKey[]): Promise<void> {
    for (let start = 0; start < keys.length; start += INSERT_ROWS) {
      const rows = keys
        .slice(start, start + INSERT_ROWS)
        .map(({ kind, id }) => ({ kind, id, created_at: tx.now }));
      await insertCompiled(tx, 'journal', rows, asTheyAre);
    }
  }

  /** Rows whose changes OVN shows; they go with the next sweep. */
  finished(sequenceNumbers: readonly number[]): void {
    for (const number of sequenceNumbers) this.#finished.add(number);
    if (this.#finished.size > 0) this.#sweeping ??= this.#sweepLater();
  }

  /** Count a refused key and put its next try off. */
  failed(key: OvnKey, error: unknown): void {
    this.#options.logger.error({ err: error, key: keyText(key) }, 'OVN refuses a change; it stays journaled');
    const last = this.#refused.get(keyText(key));
    const wait = last === undefined ? DRAIN_MS : Math.min(MAX_BACKOFF_MS, 2 * last.wait);
    this.#refused.set(keyText(key), { wait, until: this.#options.clock.now().getTime() + wait });
    const message = (error instanceof Error ? error.message : String(error)).slice(0, ERROR_LENGTH);
    this.#track(this.#note(key, message));
  }

  /** Replay what is left behind, by whichever process, until disposed. */
  start(): void {
    this.#draining ??= this.#drain();
  }

  /** Every key with a row now, for a replay at start. */
  async keys(): Promise<readonly OvnKey[]> {
    const rows = await this.#options.database.read((reader) =>
      reader.query
        .selectFrom('journal')
        .select(['kind', 'id'])
        .where('kind', 'in', [...kindOrder])
        .groupBy(['kind', 'id'])
        .execute(),
    );
    return rows.map((row) => keyOf(row.kind, row.id)).filter((key) => key !== undefined);
  }

  readonly #notes = new Set<Promise<void>>();
  #track(work: Promise<void>): void {
    this.#notes.add(work);
    void work.finally(() => this.#notes.delete(work));
  }

  async #note(key: OvnKey, message: string): Promise<void> {
    try {
      await this.#options.database.transaction(async (tx) => {
        await tx.query
          .updateTable('journal')
          .set((eb) => ({ attempts: eb('attempts', '+', 1), last_error: message }))
          .where('kind', '=', key.kind)
          .where('id', '=', key.id)
          .execute();
      });
    } catch (error) {
      this.#options.logger.warn({ err: error, key: keyText(key) }, 'cannot note a failure in the journal');
    }
  }

  async #sweepLater(): Promise<void> {
    const { signal } = this.#closing;
    // Ends early when disposed: the last sweep still happens, for all.
    await sleep(SWEEP_MS, signal).catch(() => {});
    await this.#sweep();
    this.#sweeping = undefined;
    if (this.#finished.size > 0 && !signal.aborted) this.#sweeping = this.#sweepLater();
  }

  async #sweep(): Promise<void> {
    const numbers = [...this.#finished];
    try {
      await this.#options.database.transaction(async (tx) => {
        await tx.query.deleteFrom('journal').where('seq', 'in', eachOf(numbers)).execute();
      });
      for (const number of numbers) this.#finished.delete(number);
    } catch (error) {
      this.#options.logger.warn({ err: error, rows: numbers.length }, 'cannot delete journal rows yet');
    }
  }

  async #drain(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await sleep(DRAIN_MS, signal);
        if (this.#options.elected()) await this.#replay();
      } catch (error) {
        if (!signal.aborted) this.#options.logger.warn({ err: error }, 'cannot read the journal');
      }
    }
  }

  async #replay(): Promise<void> {
    const { clock, database, apply } = this.#options;
    const now = clock.now().getTime();
    const rows = await database.read((reader) =>
      reader.query
        .selectFrom('journal')
        .select(['seq', 'kind', 'id'])
        .where('kind', 'in', [...kindOrder])
        .where('created_at', '<=', timestamp(new Date(now - LEFT_BEHIND_MS)))
        .orderBy('seq')
        .limit(DRAIN_ROWS)
        .execute(),
    );
    const due = rows
      .filter(({ seq }) => !this.#finished.has(Number(seq)))
      .map((row) => keyOf(row.kind, row.id))
      .filter((key) => key !== undefined)
      .filter((key) => (this.#refused.get(keyText(key))?.until ?? 0) <= now);
    if (due.length === 0) return;
    const outcome = await apply(due);
    if (outcome === 'applied') for (const key of due) this.#refused.delete(keyText(key));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#draining;
    await this.#sweeping;
    await Promise.all(this.#notes);
  }
}
