import { NotConnectedError, TimedOutError, UnknownOutcomeError } from '@ovenbird/ovsdb';
import type { Logger } from '../../../core/logger.ts';
import { sleep } from '../../../core/sleep.ts';
import type { Database } from '../../../db/database.ts';
import { namedParents, scannedParents } from './actual.ts';
import { compare, missingParents } from './batch.ts';
import type { NorthboundClient } from './databases.ts';
import { isEmpty, isOvertaken, type KeyDiff } from './diff.ts';
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
  /** SQL was read again because OVN showed a later revision. */
  reread: boolean;
  readonly settle: ((outcome: Outcome) => void)[];
}

/** A row that an operation was about is gone although the replica showed it. */
class RowGone extends Error {
  override readonly name = 'RowGone';
}

/** So much time went by since SQL was read that it may say something else by now. */
class SnapshotTooOld extends Error {
  override readonly name = 'SnapshotTooOld';
}

/** A snapshot of SQL, and when it was begun to be read. */
interface Loaded extends LoadedSnapshot {
  readonly began: number;
}

/**
 * How long journal rows that were carried out stay at least before they are deleted. They tell other processes that
 * something changed, and cost nothing but a repeated comparison after a crash. Milliseconds.
 */
export const ROWS_STAY_MS = 250;

const BATCH_KEYS = 500;
/** Age from which a snapshot is read again instead of being written to OVN. Milliseconds. */
const OLDEST_SNAPSHOT_MS = 1_000;
const TRANSACTION_TIMEOUT_MS = 30_000;
/** Tries against a replica that others keep changing, and the pause between them in milliseconds. */
const RACE_TRIES = 6;
const RACE_PAUSE_MS = 5;

/** How long closing waits for the answer to a transaction before its outcome counts as unknown. */
const CLOSING_PATIENCE_MS = 2_000;

const isRace = (error: unknown): boolean =>
  error instanceof TimedOutError || error instanceof RowGone || error instanceof SnapshotTooOld;
const isConnectionLoss = (error: unknown): boolean =>
  error instanceof NotConnectedError || error instanceof UnknownOutcomeError;

/**
 * Makes the Northbound database show what SQL says, for keys as they come. Keys that wait share one snapshot and one
 * transaction; there is one transaction in flight at a time, so an older state cannot overtake a newer one.
 */
export class Applier implements AsyncDisposable {
  readonly #options: ApplierOptions;
  readonly #closing = new AbortController();
  readonly #cutting = new AbortController();
  readonly #confirming = new Set<Promise<void>>();
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
      waiting = { key, thorough, reread: false, settle: [] };
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
      await this.#settle(batch, RACE_TRIES);
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
  async #settle(batch: readonly Waiting[], tries: number): Promise<void> {
    let loaded: Loaded;
    try {
      if (this.#closing.signal.aborted) throw new NotConnectedError('the driver is closing');
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
      await this.#recover(batch, error, tries);
    }
  }

  async #load(keys: readonly OvnKey[]): Promise<Loaded> {
    const { database, loader } = this.#options;
    const began = performance.now();
    return { began, ...(await database.readLatest((reader) => loader.load(reader, keys))) };
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
      else if (isOvertaken(outcome.difference) && !waiting.reread) this.#again(waiting);
      else ready.push({ waiting, difference: outcome.difference });
    }
    const differences = ready.map((each) => each.difference).filter((each) => !isEmpty(each));
    const missing = missingParents(differences, loaded.snapshot, nb);
    const added = missing.length === 0 ? [] : await this.#parentDifferences(missing);
    if (performance.now() - loaded.began > OLDEST_SNAPSHOT_MS && differences.length > 0)
      throw new SnapshotTooOld('SQL was read too long ago');
    await this.#transact([...added, ...differences]);
    const done = ready.map((each) => each.waiting);
    finish(done, 'applied');
    const keys = done.map(({ key }) => key);
    if (this.#options.shared && differences.length > 0) this.#track(this.#confirm(keys, loaded));
    else this.#applied(keys, loaded);
  }

  #applied(keys: readonly OvnKey[], loaded: Loaded): void {
    this.#options.onApplied(keys.flatMap((key) => loaded.journal.get(keyText(key)) ?? []));
  }

  /**
   * A row that is to come into being has nothing that a guard could hold on to. Another process may have read SQL later
   * and have been done with it before us, and then our row would stay. So SQL is asked once more whether anything
   * changed since, and such keys are worked out anew. Never rejects.
   */
  async #confirm(keys: readonly OvnKey[], loaded: Loaded): Promise<void> {
    const { database, loader, logger } = this.#options;
    try {
      const journal = await database.read((reader) => loader.journal(reader, keys));
      // What others were done with stays in the journal for a while. After that it cannot tell.
      const conclusive = performance.now() - loaded.began < ROWS_STAY_MS;
      const isNewer = (key: OvnKey): boolean => {
        const known = new Set(loaded.journal.get(keyText(key)));
        return (journal.get(keyText(key)) ?? []).some((number) => !known.has(number));
      };
      const again = conclusive ? keys.filter(isNewer) : keys;
      const outcome = await this.apply(again, true);
      this.#applied(outcome === 'applied' ? keys : keys.filter((key) => !again.includes(key)), loaded);
    } catch (error) {
      // The rows stay in the journal and are replayed.
      logger.warn({ err: error, keys: keys.length }, 'cannot ask whether SQL changed meanwhile');
    }
  }

  #track(work: Promise<void>): void {
    this.#confirming.add(work);
    void work.finally(() => this.#confirming.delete(work));
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

  async #transact(differences: readonly KeyDiff[]): Promise<void> {
    if (differences.length === 0) return;
    const { northbound } = this.#options;
    const { operations, mustHit } = plan(differences, northbound.replica, northbound.operations);
    const results = await northbound.transact(operations, {
      timeoutMs: TRANSACTION_TIMEOUT_MS,
      signal: this.#cutting.signal,
    });
    if (mustHit.some((must, index) => must && results[index]?.count === 0))
      throw new RowGone('a row to change was gone');
  }

  async #recover(batch: readonly Waiting[], error: unknown, tries: number): Promise<void> {
    // Keys that have come to an outcome, or wait anew, are not in the failed transaction.
    const rest = batch.filter(({ settle }) => settle.length > 0);
    if (isConnectionLoss(error)) {
      this.#options.logger.warn(
        { err: error, keys: rest.length },
        'OVN did not take changes; they stay journaled',
      );
      finish(rest, 'postponed');
    } else if (isRace(error) && tries > 1) {
      await sleep(RACE_PAUSE_MS);
      await this.#settle(rest, tries - 1);
    } else if (rest.length > 1) {
      const middle = rest.length >> 1;
      await this.#settle(rest.slice(0, middle), RACE_TRIES);
      await this.#settle(rest.slice(middle), RACE_TRIES);
    } else {
      for (const waiting of rest) this.#fail(waiting, error);
    }
  }

  #again({ key, thorough, settle }: Waiting): void {
    const text = keyText(key);
    const newer = this.#waiting.get(text);
    const moved = settle.splice(0);
    if (newer === undefined) this.#waiting.set(text, { key, thorough, reread: true, settle: moved });
    else newer.settle.push(...moved);
  }

  #fail(waiting: Waiting, error: unknown): void {
    this.#options.onFailed(waiting.key, error);
    finish([waiting], 'failed');
  }

  /** Waits a moment for what is to be confirmed and the transaction in flight; what waits behind it is postponed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await atMost(Promise.all(this.#confirming), CLOSING_PATIENCE_MS);
    this.#closing.abort();
    const patience = setTimeout(() => this.#cutting.abort(), CLOSING_PATIENCE_MS);
    await this.#running;
    await Promise.all(this.#confirming);
    clearTimeout(patience);
  }
}

const finish = (batch: readonly Waiting[], outcome: Outcome): void => {
  for (const { settle } of batch) for (const resolve of settle.splice(0)) resolve(outcome);
};

/** Wait for `work`, but no longer than `milliseconds`. */
const atMost = async (work: Promise<unknown>, milliseconds: number): Promise<void> => {
  const enough = new AbortController();
  try {
    await Promise.race([work, sleep(milliseconds, enough.signal)]);
  } finally {
    enough.abort();
  }
};
