import pg from 'pg';

/** For a connection, and for an answer over it. Milliseconds; who asks waits a little longer. */
const PATIENCE_MS = 1_500;
const IDLE_TIMEOUT_MS = 60_000;

/** Asks a server whether it answers, over a connection of its own: requests may have taken all others. */
export class Pings implements AsyncDisposable {
  readonly #pool: pg.Pool;
  #underWay: Promise<boolean> | undefined;

  /** @param url as for the requests */
  constructor(url: string) {
    this.#pool = new pg.Pool({
      connectionString: url,
      max: 1,
      connectionTimeoutMillis: PATIENCE_MS,
      query_timeout: PATIENCE_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
    });
    // As with the connections of requests: one that breaks is replaced when it is needed.
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  /** Whether it answers, for all who ask at the same time at once. */
  ping(): Promise<boolean> {
    this.#underWay ??= this.#ask().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #ask(): Promise<boolean> {
    try {
      await this.#pool.query('select 1');
      return true;
    } catch {
      return false;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#pool.ending) await this.#pool.end();
  }
}
