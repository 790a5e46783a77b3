import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Database } from '../../../db/database.ts';
import type { NovaClient } from './client.ts';
import type { NovaEvent } from './events.ts';
import { forgetEvents, type WaitingEvent, waitingEvents } from './outbox.ts';

export interface SenderOptions {
  readonly database: Database;
  readonly client: NovaClient;
  readonly logger: Logger;
  /** Told of events that Nova took. */
  readonly taken?: (events: readonly NovaEvent[]) => void;
  /** Age at which an event that Nova does not take is given up, in milliseconds. */
  readonly giveUpMs: number;
}

/** Events of one request. */
const BATCH = 200;
/** How often events are looked for that another process left behind. Milliseconds. */
const LOOK_MS = 5_000;
const BACKOFF_MS = { min: 500, max: 30_000 };
/** Name of the duty that one process has at a time, so that events of a port stay in order. */
const DUTY = 'nova-events';

/** Sends what waits, in order, several at once, again and again until Nova takes it. */
export class Sender implements AsyncDisposable {
  readonly #options: SenderOptions;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #woken = Promise.withResolvers<void>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** There may be something to send. */
  wake(): void {
    this.#woken.resolve();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let pause = 0;
    while (!signal.aborted) {
      await this.#rest(pause).catch(() => {});
      if (signal.aborted) break;
      try {
        await this.#sendAll();
        pause = 0;
      } catch (error) {
        pause = Math.min(BACKOFF_MS.max, Math.max(BACKOFF_MS.min, pause * 2));
        this.#options.logger.warn({ err: error, milliseconds: pause }, 'cannot tell Nova; trying again');
      }
    }
  }

  /** Until woken, or for `pause` milliseconds after a failure, whatever happens meanwhile. */
  async #rest(pause: number): Promise<void> {
    const { signal } = this.#closing;
    if (pause > 0) return await sleep(pause, signal);
    const enough = new AbortController();
    try {
      await Promise.race([this.#woken.promise, sleep(LOOK_MS, AbortSignal.any([signal, enough.signal]))]);
    } finally {
      enough.abort();
      this.#woken = Promise.withResolvers();
    }
  }

  async #sendAll(): Promise<void> {
    const { database } = this.#options;
    while (!this.#closing.signal.aborted) {
      if ((await database.read((reader) => waitingEvents(reader, 1))).length === 0) return;
      let left = 0;
      const mine = await database.alone(DUTY, async () => {
        left = await this.#sendBatch();
      });
      // Another process is at it, and goes on until nothing waits.
      if (!mine || left === 0) return;
    }
  }

  /** Gives how many were looked at. Throws NovaUnavailable. */
  async #sendBatch(): Promise<number> {
    const { database, client, logger, giveUpMs } = this.#options;
    const waiting = await database.read((reader) => waitingEvents(reader, BATCH));
    const tooOld = waiting.filter(({ since }) => Date.now() - Date.parse(since) > giveUpMs);
    if (tooOld.length > 0) {
      logger.error({ events: tooOld.length, first: tooOld[0]?.event }, 'gave up telling Nova');
      await database.transaction((tx) => forgetEvents(tx, tooOld));
    }
    const due = waiting.filter((each) => !tooOld.includes(each));
    if (due.length === 0) return waiting.length;
    const sent = distinct(due);
    const verdicts = await client.send(sent.map(({ event }) => event));
    const again = new Set(sent.filter((_, index) => verdicts[index] === 'again').map(textOf));
    this.#options.taken?.(sent.filter((_, index) => verdicts[index] === 'taken').map(({ event }) => event));
    const refused = sent.filter((_, index) => verdicts[index] === 'refused');
    for (const { event } of refused) logger.info({ event }, 'Nova does not know the server of an event');
    await database.transaction((tx) =>
      forgetEvents(
        tx,
        due.filter((each) => !again.has(textOf(each))),
      ),
    );
    if (again.size > 0) throw new Error(`Nova could not carry out ${again.size} events`);
    return waiting.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#woken.resolve();
    // An answer that is under way is not waited for: what Nova took is sent again, which does no harm.
    this.#options.client[Symbol.dispose]();
    await this.#running;
  }
}

const textOf = ({ event }: WaitingEvent): string => `${event.name} ${event.server_uuid} ${event.tag}`;

/** Of events that say the same one after the other for a port the last is enough. */
const distinct = (events: readonly WaitingEvent[]): readonly WaitingEvent[] => {
  const kept: WaitingEvent[] = [];
  const last = new Map<string, WaitingEvent>();
  for (const each of events) {
    const before = last.get(each.event.tag);
    if (before !== undefined && textOf(before) === textOf(each)) continue;
    last.set(each.event.tag, each);
    kept.push(each);
  }
  return kept;
};
