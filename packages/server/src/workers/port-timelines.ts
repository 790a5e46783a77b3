import type { Logger } from '../core/logger.ts';
import { sleep } from '../core/sleep.ts';
import type { Database } from '../db/database.ts';
import type { MechanismDriver } from '../ml2/contract.ts';
import {
  keepTimelines,
  keptTimelines,
  type Stage,
  type StageTimes,
  together,
  withStage,
} from '../ml2/port-timeline.ts';

/** Ports that are remembered; of more the oldest are forgotten. */
const REMEMBERED = 20_000;
/** Ports written in one transaction. */
const BATCH = 200;
/** How long news gather before they are written. Milliseconds. */
const GATHER_MS = 500;

export interface PortTimelinesOptions {
  readonly database: Database;
  readonly logger: Logger;
}

/**
 * When each port passed which stage. What only one process knows it keeps in SQL for all others, in the background: when
 * it made the port, and when it made it ACTIVE or told Nova. What OVN tells, each process hears by itself; it is kept when
 * the port is up.
 */
export class PortTimelines implements AsyncDisposable {
  readonly #options: PortTimelinesOptions;
  readonly #closing = new AbortController();
  readonly #known = new Map<string, StageTimes>();
  readonly #dirty = new Set<string>();
  #keeping: Promise<void> | undefined;

  constructor(options: PortTimelinesOptions) {
    this.#options = options;
  }

  /** @param at milliseconds since the epoch */
  note(portId: string, stage: Stage, at = Date.now()): void {
    const before = this.#known.get(portId) ?? {};
    // What northd writes of a port that was there before us is no news of its beginning.
    if (stage === 'northd' && before.northbound === undefined) return;
    const times = withStage(before, stage, at);
    this.#known.set(portId, times);
    if (this.#known.size > REMEMBERED)
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    const mine = times.requested ?? times.stored ?? times.active ?? times.notified;
    if (mine === undefined || (stage !== 'stored' && times.up === undefined)) return;
    this.#dirty.add(portId);
    if (!this.#closing.signal.aborted) this.#keeping ??= this.#keepSoon();
  }

  /** What is known of a port, by this process and by others. */
  async of(portId: string): Promise<StageTimes> {
    const kept = await this.#options.database.read((reader) => keptTimelines(reader, [portId]));
    return together(kept.get(portId) ?? {}, this.#known.get(portId) ?? {});
  }

  /** Hears of commits as mechanism drivers do. */
  get driver(): MechanismDriver {
    return {
      name: 'timeline',
      precommit: (changes, tx) => {
        for (const { kind, action, id } of changes) {
          if (kind !== 'port') continue;
          if (action === 'create') tx.onCommit(() => this.note(id, 'stored'));
          else if (action === 'delete') tx.onCommit(() => this.#forget(id));
        }
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  #forget(portId: string): void {
    this.#known.delete(portId);
    this.#dirty.delete(portId);
  }

  async #keepSoon(): Promise<void> {
    const { database, logger } = this.#options;
    await sleep(GATHER_MS, this.#closing.signal).catch(() => {});
    while (this.#dirty.size > 0) {
      const ids = [...this.#dirty].slice(0, BATCH);
      for (const id of ids) this.#dirty.delete(id);
      const known = new Map(ids.map((id) => [id, this.#known.get(id) ?? {}]));
      try {
        await database.transaction((tx) => keepTimelines(tx, known));
      } catch (error) {
        // A timeline is for looking at; nothing hangs on one.
        logger.warn({ err: error, ports: ids.length }, 'cannot keep timelines of ports');
      }
    }
    this.#keeping = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    await this.#keeping;
  }
}
