import { NotConnectedError, OvsdbError, TimedOutError, UnknownOutcomeError } from '@ovenbird/ovsdb';
import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Database } from '../../../db/database.ts';
import { namedParents, scannedParents } from './actual.ts';
import { compare, missingParents } from './batch.ts';
import type { NorthboundClient } from './databases.ts';
import { isEmpty, type KeyDiff } from './diff.ts';
import { type Fence, fenceOf, guardKeys, isPassed, raiseFence } from './fence.ts';
import { keyText, type OvnKey, orderedKeys } from './key.ts';
import { plan } from './operations.ts';
import { type OvnSettings, settingsFor } from './settings.ts';
import type { LoadedSnapshot, SnapshotLoader } from './snapshot/load.ts';

/**
 * `applied`: OVN shows the key's state of now or later. `failed`: the database refused it. `postponed`: there is no
 * connection; a resync follows the next one.
 */
export type Outcome = 'applied' | 'failed' | 'postponed';

/** The outcome of several. */
export const worst = (all: readonly Outcome[]): Outcome =>
  all.find((outcome) => outcome === 'failed') ?? all.find((outcome) => outcome !== 'applied') ?? 'applied';

export interface ApplierOptions {
  readonly northbound: NorthboundClient;
  readonly database: Database;
  readonly loader: SnapshotLoader;
  readonly settings: OvnSettings;
  readonly logger: Logger;
  /** Journal rows whose changes OVN shows now. */
  readonly onApplied: (sequenceNumbers: readonly number[]) => void;
  readonly onFailed: (key: OvnKey, error: unknown) => void;
  /** Whether other processes may change SQL and OVN at the same time. */
  readonly shared: boolean;
}

interface Waiting {
  readonly key: OvnKey;
  /** Look for memberships that the port's own row does not tell of. */
  thorough: boolean;
  readonly settle: ((outcome: Outcome) => void)[];
}

/** A row that an operation was about is gone although the replica showed it. */
class RowGone extends Error {
  override readonly name = 'RowGone';
}

/** Another process has written a key since SQL was read: it may say something else by now. */
class FencePassed extends Error {
  override readonly name = 'FencePassed';
}

/** A snapshot of SQL, and the fence as it was before it was read. */
interface Loaded extends LoadedSnapshot {
  readonly fence: Fence;
}

const BATCH_KEYS = 500;
const TRANSACTION_TIMEOUT_MS = 30_000;
/** Tries against others that change the same things; a batch of many keys is sooner done in parts. */
const RACE_TRIES = 12;
const RACE_TRIES_OF_MANY = 3;
const MANY_KEYS = 16;
/** The pause between tries is chosen between nothing and this, which doubles from the one to the other. Milliseconds. */
const RACE_PAUSE_MS = 5;
const LONGEST_RACE_PAUSE_MS = 100;

/** How long closing waits for the answer to a transaction before its outcome counts as unknown. */
const CLOSING_PATIENCE_MS = 2_000;

const isRace = (error: unknown): boolean =>
  error instanceof TimedOutError || error instanceof RowGone || error instanceof FencePassed;
const triesFor = (keys: number): number => (keys > MANY_KEYS ? RACE_TRIES_OF_MANY : RACE_TRIES);
const pauseAfter = (tried: number): number =>
  Math.random() * Math.min(LONGEST_RACE_PAUSE_MS, RACE_PAUSE_MS * 2 ** tried);
const isConnectionLoss = (error: unknown): boolean =>
  error instanceof NotConnectedError || error instanceof UnknownOutcomeError;

/**
 * Makes the Northbound database show what SQL says, for keys as they come. Keys that wait share one snapshot and one
 * transaction; there is one transaction in flight at a time, and it fails when another process has written one of its keys
 * since SQL was read, so an older state cannot overtake a newer one.
 */
export class Applier implements AsyncDisposable {
  readonly #options: ApplierOptions;
  readonly #closing = new AbortController();
  readonly #cutting = new AbortController();
  #waiting = new Map<string, Waiting>();
  #running: Promise<void> | undefined;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /** Keys that wait for their turn. */
  get backlog(): number {
    return this.#waiting.size;
  }

  /** Resolves when every key came to an outcome: the worst of them. Never rejects. */
  async apply(keys: readonly OvnKey[], thorough = false): Promise<Outcome> {
    if (keys.length === 0) return 'applied';
    if (this.#closing.signal.aborted || this.#options.northbound.state !== 'ready') return 'postponed';
    const outcomes = keys.map((key) => this.#enqueue(key, thorough));
    this.#running ??= this.#run();
    return worst(await Promise.all(outcomes));
  }

  #enqueue(key: OvnKey, thorough: boolean): Promise<Outcome> {
    const text = keyText(key);
    let waiting = this.#waiting.get(text);
    if (waiting === undefined) {
      waiting = { key, thorough, settle: [] };
      this.#waiting.set(text, waiting);
    }
    waiting.thorough ||= thorough;
    const { settle } = waiting;
    return new Promise((resolve) => settle.push(resolve));
  }

  async #run(): Promise<void> {
    // Whatever is asked for in the same turn of the event loop shares the first batch.
    await Promise.resolve();
    while (this.#waiting.size > 0) {
      const batch = this.#take();
      await this.#settle(batch);
    }
    this.#running = undefined;
  }

  #take(): Waiting[] {
    const batch: Waiting[] = [];
    for (const [text, waiting] of this.#waiting) {
      if (batch.length === BATCH_KEYS) break;
      batch.push(waiting);
      this.#waiting.delete(text);
    }
    return batch;
  }

  /** Bring a batch to its outcome. Never throws. */
  async #settle(batch: readonly Waiting[], tried = 0): Promise<void> {
    let loaded: Loaded;
    try {
      if (this.#closing.signal.aborted) throw new NotConnectedError('the driver is closing');
      await this.#raiseFence();
      loaded = await this.#load(batch.map((waiting) => waiting.key));
    } catch (error) {
      // SQL cannot be read: no key is to blame, so nothing is gained by trying them apart.
      this.#options.logger.error({ err: error, keys: batch.length }, 'cannot read the state to apply to OVN');
      finish(batch, isConnectionLoss(error) ? 'postponed' : 'failed');
      return;
    }
    try {
      await this.#commit(batch, loaded);
    } catch (error) {
      await this.#recover(batch, error, tried);
    }
  }

  async #raiseFence(): Promise<void> {
    const { northbound, shared } = this.#options;
    const raising = raiseFence(northbound.operations, northbound.replica, shared);
    if (raising === undefined) return;
    try {
      await northbound.transact([raising], { signal: this.#cutting.signal });
    } catch (error) {
      // Somebody else was first; what then is right for a transaction is found out when it is sent.
      if (!(error instanceof OvsdbError)) throw error;
    }
  }

  async #load(keys: readonly OvnKey[]): Promise<Loaded> {
    const { database, loader, northbound } = this.#options;
    const fence = fenceOf(northbound.replica);
    return { fence, ...(await database.readLatest((reader) => loader.load(reader, keys))) };
  }

  async #commit(batch: readonly Waiting[], loaded: Loaded): Promise<void> {
    const { northbound, settings } = this.#options;
    const nb = northbound.replica;
    const parents = batch.some((waiting) => waiting.thorough) ? scannedParents(nb) : namedParents(nb);
    const ready: { waiting: Waiting; difference: KeyDiff }[] = [];
    const outcomes = compare(
      batch.map((waiting) => waiting.key),
      loaded.snapshot,
      settingsFor(settings, northbound.serverSchema),
      nb,
      parents,
    );
    for (const [index, outcome] of outcomes.entries()) {
      const waiting = batch[index];
      if (waiting === undefined) continue;
      if ('error' in outcome) this.#fail(waiting, outcome.error);
      else ready.push({ waiting, difference: outcome.difference });
    }
    const differences = ready.map((each) => each.difference).filter((each) => !isEmpty(each));
    const missing = missingParents(differences, loaded.snapshot, nb);
    const added = missing.length === 0 ? [] : await this.#parentDifferences(missing);
    const news = ready.filter(
      ({ waiting, difference }) => !isEmpty(difference) || loaded.journal.has(keyText(waiting.key)),
    );
    await this.#transact(
      [...added, ...differences],
      [...missing, ...news.map(({ waiting }) => waiting.key)],
      loaded.fence,
    );
    finish(
      ready.map((each) => each.waiting),
      'applied',
    );
    this.#options.onApplied(ready.flatMap(({ waiting }) => loaded.journal.get(keyText(waiting.key)) ?? []));
  }

  /** Rows that must exist before others can join them, when nobody has asked for them. */
  async #parentDifferences(keys: readonly OvnKey[]): Promise<readonly KeyDiff[]> {
    const { northbound, settings } = this.#options;
    const nb = northbound.replica;
    const { snapshot } = await this.#load(keys);
    const served = settingsFor(settings, northbound.serverSchema);
    return compare(orderedKeys(keys), snapshot, served, nb, namedParents(nb)).flatMap((outcome) =>
      'error' in outcome ? [] : [outcome.difference],
    );
  }

  /**
   * @param keys all that the differences are about, and those that SQL has news of which OVN turns out to show: who read SQL
   *   before may not write them any more
   */
  async #transact(differences: readonly KeyDiff[], keys: readonly OvnKey[], fence: Fence): Promise<void> {
    if (keys.length === 0) return;
    const { northbound } = this.#options;
    if (isPassed(fence, northbound.replica, keys))
      throw new FencePassed('somebody else wrote one of the keys');
    const guards = guardKeys(northbound.operations, fence, keys);
    const { operations, mustHit } = plan(differences, northbound.replica, northbound.operations);
    const results = await northbound.transact([...guards, ...operations], {
      timeoutMs: TRANSACTION_TIMEOUT_MS,
      signal: this.#cutting.signal,
    });
    if (mustHit.some((must, index) => must && results[guards.length + index]?.count === 0))
      throw new RowGone('a row to change was gone');
  }

  async #recover(batch: readonly Waiting[], error: unknown, tried: number): Promise<void> {
    // Keys that have come to an outcome, or wait anew, are not in the failed transaction.
    const rest = batch.filter(({ settle }) => settle.length > 0);
    if (isConnectionLoss(error)) {
      this.#options.logger.warn(
        { err: error, keys: rest.length },
        'OVN did not take changes; they stay journaled',
      );
      finish(rest, 'postponed');
    } else if (isRace(error) && tried + 1 < triesFor(rest.length)) {
      await sleep(pauseAfter(tried));
      await this.#settle(rest, tried + 1);
    } else if (rest.length > 1) {
      const middle = rest.length >> 1;
      await this.#settle(rest.slice(0, middle));
      await this.#settle(rest.slice(middle));
    } else {
      for (const waiting of rest) this.#fail(waiting, error);
    }
  }

  #fail(waiting: Waiting, error: unknown): void {
    this.#options.onFailed(waiting.key, error);
    finish([waiting], 'failed');
  }

  /** Waits a moment for the transaction in flight; what waits behind it is postponed. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const patience = setTimeout(() => this.#cutting.abort(), CLOSING_PATIENCE_MS);
    await this.#running;
    clearTimeout(patience);
  }
}

const finish = (batch: readonly Waiting[], outcome: Outcome): void => {
  for (const { settle } of batch) for (const resolve of settle.splice(0)) resolve(outcome);
};
