import { sleep } from '../core/sleep.ts';
import type { Daemon } from './daemon.ts';

/** As long as the monitor of OVN's own start script waits between two starts. */
const PAUSE_MS = 1_000;

/**
 * A host's ovn-controller, started again when it ends by itself, as the monitor of ovn-ctl(8) does: that of OVN 23.03 crashes
 * whenever it starts on a Southbound database without any row, as one that was lost is until northd fills it.
 */
export class Controller implements AsyncDisposable {
  readonly #start: () => Daemon;
  readonly #closing = new AbortController();
  readonly #watching: Promise<void>;
  #daemon: Daemon;
  #next = Promise.withResolvers<void>();
  #expected = false;
  #crashes = 0;

  /** @param start starts one; called now, and whenever one has ended */
  constructor(start: () => Daemon) {
    this.#start = start;
    this.#daemon = start();
    this.#watching = this.#watch();
  }

  get running(): boolean {
    return this.#daemon.running;
  }

  get pid(): number {
    return this.#daemon.pid;
  }

  /** How often it ended by itself. */
  get crashes(): number {
    return this.#crashes;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await this.#daemon.ended;
      if (signal.aborted) return;
      if (!this.#expected) {
        this.#crashes += 1;
        await sleep(PAUSE_MS, signal).catch(() => {});
      }
      if (signal.aborted) return;
      this.#expected = false;
      this.#daemon = this.#start();
      this.#next.resolve();
      this.#next = Promise.withResolvers();
    }
  }

  /** SIGKILL; resolves when another one has been started. */
  async restart(): Promise<void> {
    this.#expected = true;
    const next = this.#next.promise;
    this.#daemon.kill('SIGKILL');
    await next;
  }

  /** SIGKILL, for good. */
  async fail(): Promise<void> {
    this.#closing.abort();
    this.#daemon.kill('SIGKILL');
    await this.#watching;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#next.resolve();
    await this.#daemon[Symbol.asyncDispose]();
    await this.#watching;
  }
}
