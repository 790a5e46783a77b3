import type { Lock } from '@ovenbird/ovsdb';
import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Database } from '../../../db/database.ts';
import type { NorthboundClient, SouthboundClient } from './databases.ts';

export interface ElectionOptions {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  readonly database: Database;
  readonly logger: Logger;
}

/** Of all processes on one Northbound database the one that has this lock has the duties. */
const LOCK = 'ovenbird_duties';
/** How often the elected process gives a sign of life in SQL, and the others look for it. Milliseconds. */
const BEAT_MS = 1_000;
/** So many looks without a new sign, and somebody else takes the duties. */
const SILENT_LOOKS = 4;
const ROW = 'ovn';

/**
 * Which process has the duties that need one. When it ends, the server gives its lock to the next at once. A server does not
 * miss one that is paused, cannot reach SQL or the Southbound database, or whose machine is gone: the others do, as it
 * gives no sign of life then, and one of them takes the lock. That two think they have it for a moment does no harm: what
 * they do may be done twice.
 */
export class Election implements AsyncDisposable {
  readonly #options: ElectionOptions;
  readonly #closing = new AbortController();
  readonly #listeners = new Set<(elected: boolean) => void>();
  #elected = false;
  #lock: Lock | undefined;
  #watching: Promise<void> | undefined;
  #seen: number | undefined;
  #silent = 0;

  constructor(options: ElectionOptions) {
    this.#options = options;
  }

  get elected(): boolean {
    return this.#elected;
  }

  /** Hear of every change until disposed, at once when this process is elected already. */
  onChange(listener: (elected: boolean) => void): Disposable {
    this.#listeners.add(listener);
    if (this.#elected) listener(true);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Stand for election until disposed. */
  start(): void {
    const { northbound, database } = this.#options;
    this.#lock ??= northbound.lock(LOCK, (owned) => {
      this.#elected = owned;
      this.#silent = 0;
      for (const listener of [...this.#listeners]) listener(owned);
    });
    if (database.traits.concurrentWriters) this.#watching ??= this.#watch();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await sleep(BEAT_MS, signal);
        if (!this.#able()) this.#silent = 0;
        else if (this.#elected) await this.#beat();
        else await this.#look();
      } catch (error) {
        this.#silent = 0;
        if (!signal.aborted) this.#options.logger.warn({ err: error }, 'cannot see who has the duties');
      }
    }
  }

  /** Whether this process reaches all that the duties need, but for SQL. */
  #able(): boolean {
    const { northbound, southbound } = this.#options;
    return northbound.state === 'ready' && southbound.state === 'ready';
  }

  async #beat(): Promise<void> {
    await this.#options.database.transaction(async ({ query }) => {
      await query
        .insertInto('duties')
        .values({ name: ROW, beat: 0 })
        .onConflict((conflict) =>
          conflict.column('name').doUpdateSet((eb) => ({ beat: eb('duties.beat', '+', 1) })),
        )
        .execute();
    });
  }

  async #look(): Promise<void> {
    const { database, logger } = this.#options;
    const rows = await database.read(({ query }) =>
      query.selectFrom('duties').select('beat').where('name', '=', ROW).execute(),
    );
    const beat = Number(rows[0]?.beat ?? -1);
    this.#silent = beat === this.#seen ? this.#silent + 1 : 0;
    this.#seen = beat;
    if (this.#silent < SILENT_LOOKS) return;
    this.#silent = 0;
    logger.warn('whoever has the duties gives no sign of life: taking them');
    this.#lock?.steal();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#lock?.[Symbol.dispose]();
    this.#elected = false;
    for (const listener of [...this.#listeners]) listener(false);
    await this.#watching;
  }
}
