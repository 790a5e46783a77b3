import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Logger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import { actualKeys, type PortParents, scannedParents } from './actual.ts';
import { type Applier, type Outcome, worst } from './apply.ts';
import { compare, type KeyOutcome } from './batch.ts';
import type { NorthboundClient } from './databases.ts';
import { isEmpty } from './diff.ts';
import { type Drift, describeDrift } from './drift.ts';
import { type OvnKey, type OvnKeyKind, orderedKeys } from './key.ts';
import { type OvnSettings, settingsFor } from './settings.ts';
import type { SnapshotLoader } from './snapshot/load.ts';

export interface ResyncOptions {
  readonly northbound: NorthboundClient;
  readonly database: Database;
  readonly loader: SnapshotLoader;
  readonly settings: OvnSettings;
  readonly applier: Applier;
  readonly logger: Logger;
}

export interface ResyncReport {
  /** Keys looked at, and those found different. */
  readonly compared: number;
  readonly different: number;
  readonly outcome: Outcome;
}

/** How a comparison goes about its work. */
export interface Manner {
  /** Keys of these kinds only. */
  readonly only?: ReadonlySet<OvnKeyKind>;
  /** Told after every piece how many keys were compared, and of how many. */
  readonly progress?: (done: number, all: number) => void;
  /** Awaited between pieces: how long the last one took, in milliseconds. Default: the next turn of the event loop. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/** The replica is not complete, so nothing can be said about what is missing. */
export class ReplicaIncomplete extends Error {
  override readonly name = 'ReplicaIncomplete';
  constructor() {
    super('the Northbound replica is not complete');
  }
}

const CHUNK_KEYS = 500;

/** Compares all that SQL and OVN hold, in pieces that leave the event loop free between them. */
export class Resync {
  readonly #options: ResyncOptions;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /**
   * Find every key that differs and apply it. Throws {@link ReplicaIncomplete}. The applier works each key out anew from
   * SQL and replica, so a change made meanwhile is never undone.
   */
  async run(): Promise<ResyncReport> {
    const started = performance.now();
    const keys = await this.#allKeys();
    // Pieces are applied while the next ones are compared, the ones that others depend on first, as keys are in order.
    const applying: Promise<Outcome>[] = [];
    const different = await this.#different(keys, {}, (some) => {
      applying.push(this.#options.applier.apply(some, true));
    });
    const outcome = worst(await Promise.all(applying));
    const report = { compared: keys.length, different: different.length, outcome };
    const milliseconds = Math.round(performance.now() - started);
    this.#options.logger.info({ ...report, milliseconds }, 'compared OVN with the database');
    return report;
  }

  /**
   * Everything in which OVN differs from SQL, without touching either. Keys that differ are looked at twice, so changes
   * that were just being applied do not show. Throws {@link ReplicaIncomplete}.
   */
  async drift(manner: Manner = {}): Promise<readonly Drift[]> {
    const first = await this.#different(await this.#allKeys(manner.only), manner);
    return first.length === 0 ? [] : this.driftOf(first.map((outcome) => outcome.key));
  }

  /** Everything in which these keys differ now. Throws {@link ReplicaIncomplete}. */
  async driftOf(keys: readonly OvnKey[]): Promise<readonly Drift[]> {
    const nb = this.#options.northbound.replica;
    return (await this.#different(keys)).flatMap((outcome) => describeDrift(outcome, nb));
  }

  async #allKeys(only?: ReadonlySet<OvnKeyKind>): Promise<readonly OvnKey[]> {
    const { database, loader, northbound } = this.#options;
    this.#requireReplica();
    const stored = await database.read((reader) => loader.allKeys(reader));
    const keys = orderedKeys([...stored, ...actualKeys(northbound.replica)]);
    return only === undefined ? keys : keys.filter((key) => only.has(key.kind));
  }

  #requireReplica(): void {
    if (this.#options.northbound.state !== 'ready') throw new ReplicaIncomplete();
  }

  /** @param found told of the keys of each piece that differ */
  async #different(
    keys: readonly OvnKey[],
    manner: Manner = {},
    found: (keys: readonly OvnKey[]) => void = () => undefined,
  ): Promise<readonly KeyOutcome[]> {
    this.#requireReplica();
    const { progress, pause } = manner;
    let parents = scannedParents(this.#options.northbound.replica);
    const different: KeyOutcome[] = [];
    for (let start = 0; start < keys.length; start += CHUNK_KEYS) {
      const began = performance.now();
      // A comparison that takes its time sees memberships as they are at every piece.
      if (pause !== undefined && start > 0) parents = scannedParents(this.#options.northbound.replica);
      const outcomes = await this.#compare(keys.slice(start, start + CHUNK_KEYS), parents);
      const some = outcomes.filter((outcome) => 'error' in outcome || !isEmpty(outcome.difference));
      different.push(...some);
      found(some.map(({ key }) => key));
      progress?.(Math.min(keys.length, start + CHUNK_KEYS), keys.length);
      await (pause === undefined ? nextTurn() : pause(performance.now() - began));
    }
    return different;
  }

  async #compare(keys: readonly OvnKey[], parents: PortParents): Promise<readonly KeyOutcome[]> {
    const { database, loader, northbound, settings } = this.#options;
    const { snapshot } = await database.read((reader) => loader.load(reader, keys));
    this.#requireReplica();
    const served = settingsFor(settings, northbound.serverSchema);
    return compare(keys, snapshot, served, northbound.replica, parents);
  }
}
