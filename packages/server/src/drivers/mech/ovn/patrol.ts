import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Applier } from './apply.ts';
import type { NorthboundClient } from './databases.ts';
import { type Drift, rowsOutOfPlace } from './drift.ts';
import type { Election } from './election.ts';
import { orderedKeys } from './key.ts';
import type { Resync } from './resync.ts';

export interface PatrolOptions {
  /** Whether this process is the one that goes the rounds. */
  readonly election: Pick<Election, 'onChange'>;
  readonly northbound: NorthboundClient;
  readonly resync: Resync;
  readonly applier: Applier;
  readonly logger: Logger;
  /** Milliseconds between the end of one round and the next; 0: no rounds. */
  readonly intervalMs: number;
}

/** What the rounds found so far. */
export interface PatrolFigures {
  /** Rows that are out of place as far as the last round knows; undefined before the first and where another process goes. */
  readonly outOfPlace: number | undefined;
  /** Rows that rounds put right since the start. */
  readonly repaired: number;
  /** When the last round ended, in milliseconds since the epoch. */
  readonly lastRound: number | undefined;
}

/** A round rests this many times as long as it works, so that it takes a twentieth of one core. */
const REST = 19;
/** Between the two looks at what seems wrong: a change being applied is no drift. Milliseconds. */
const SECOND_LOOK_MS = 1_000;

/** Compares OVN with SQL round after round at a low pace, and puts right what is out of place. */
export class Patrol implements AsyncDisposable {
  readonly #options: PatrolOptions;
  readonly #closing = new AbortController();
  #lock: Disposable | undefined;
  #elected = false;
  #outOfPlace: number | undefined;
  #repaired = 0;
  #lastRound: number | undefined;
  #rounds: Promise<void> | undefined;

  constructor(options: PatrolOptions) {
    this.#options = options;
  }

  get figures(): PatrolFigures {
    return { outOfPlace: this.#outOfPlace, repaired: this.#repaired, lastRound: this.#lastRound };
  }

  /** Go rounds until disposed. */
  start(): void {
    if (this.#options.intervalMs === 0) return;
    this.#lock ??= this.#options.election.onChange((owned) => {
      this.#elected = owned;
      if (!owned) this.#outOfPlace = undefined;
    });
    this.#rounds ??= this.#go();
  }

  async #go(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await sleep(this.#options.intervalMs, signal);
        if (this.#elected && this.#options.northbound.state === 'ready') await this.#round(signal);
      } catch (error) {
        if (!signal.aborted)
          this.#options.logger.warn({ err: error }, 'a round of comparing OVN ended early');
      }
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { resync } = this.#options;
    const suspects = await resync.drift({ pause: (worked) => sleep(REST * worked, signal) });
    const found = suspects.length === 0 ? [] : await this.#lookAgain(suspects, signal);
    this.#outOfPlace = rowsOutOfPlace(found).size;
    if (found.length > 0) await this.#repair(found);
    this.#lastRound = Date.now();
  }

  async #lookAgain(suspects: readonly Drift[], signal: AbortSignal): Promise<readonly Drift[]> {
    await sleep(SECOND_LOOK_MS, signal);
    return this.#options.resync.driftOf(orderedKeys(suspects.map(({ key }) => key)));
  }

  async #repair(found: readonly Drift[]): Promise<void> {
    const { resync, applier, logger } = this.#options;
    const keys = orderedKeys(found.map(({ key }) => key));
    const rows = rowsOutOfPlace(found).size;
    const outcome = await applier.apply(keys, true);
    const left = rowsOutOfPlace(await resync.driftOf(keys)).size;
    this.#outOfPlace = left;
    this.#repaired += Math.max(0, rows - left);
    logger.warn({ rows, left, outcome, first: found[0] }, 'rows of OVN were out of place');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#lock?.[Symbol.dispose]();
    await this.#rounds;
  }
}
