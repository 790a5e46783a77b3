import type { SouthboundTables } from '@ovenbird/ovn-db';
import type { ChangeBatch } from '@ovenbird/ovsdb';
import type { Logger } from '../../../../core/logger.ts';
import { sleep } from '../../../../core/sleep.ts';
import type { Database, Reader, Transaction } from '../../../../db/database.ts';
import type { SouthboundClient } from '../databases.ts';
import type { Election } from '../election.ts';
import { keepHostNetworks } from '../host-networks.ts';
import { type OvnKey, routerKey } from '../key.ts';
import { ExpectedChassis } from './expected.ts';
import { misplacedExternalPorts, placeExternalPorts } from './external-ports.ts';
import { misplaced, type Placing, placeGateways } from './place.ts';
import { scheduledChassis, schedulesOf } from './store.ts';

export interface ReschedulerOptions {
  /** Whether this process is the one that does it. */
  readonly election: Pick<Election, 'onChange'>;
  readonly southbound: SouthboundClient;
  readonly database: Database;
  readonly logger: Logger;
  readonly placing: Placing;
  /** Note, in the transaction that moves something, that the rows of these keys differ. */
  readonly record: (tx: Transaction, keys: readonly OvnKey[]) => Promise<void>;
  /** Make OVN follow. */
  readonly apply: (keys: readonly OvnKey[]) => Promise<unknown>;
}

/** Chassis come and go together, and one that restarts is gone for a moment: wait for the end of it, milliseconds. */
const SETTLE_MS = 300;
const RETRY_MS = 1_000;
/** Routers, or networks, that one transaction places. */
const BATCH = 200;
const PLACING_COLUMNS: ReadonlySet<string> = new Set(['name', 'hostname', 'other_config', 'external_ids']);

const matters = (batch: ChangeBatch<SouthboundTables>): boolean =>
  batch.initial ||
  batch.changes.some(
    (change) =>
      change.table === 'Chassis' &&
      (change.kind !== 'modify' || [...change.columns].some((column) => PLACING_COLUMNS.has(column))),
  );

/**
 * Keeps in SQL what chassis reach, gateways on chassis that can carry them, and external ports with chassis that can
 * answer for them. Compares all routers with all chassis when it is elected, at every (re)connect and whenever chassis
 * come, go, or change what they reach; a gateway that is well placed stays. While chassis are expected back only what has
 * no place yet gets one.
 */
export class Rescheduler implements AsyncDisposable {
  readonly #options: ReschedulerOptions;
  readonly #closing = new AbortController();
  readonly #listening = new DisposableStack();
  readonly #expected = new ExpectedChassis(() => performance.now());
  #elected = false;
  #due = false;
  #running: Promise<void> | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: ReschedulerOptions) {
    this.#options = options;
    this.#listening.use(
      options.southbound.onBatch((batch) => {
        if (!matters(batch)) return;
        this.#expected.see(this.#present());
        this.#wake();
      }),
    );
    this.#listening.use(
      options.election.onChange((owned) => {
        this.#elected = owned;
        if (owned) this.#wake();
      }),
    );
    this.#listening.defer(() => clearTimeout(this.#again));
  }

  #present(): ReadonlySet<string> {
    return new Set(this.#options.placing.chassis().map(({ name }) => name));
  }

  #wake(): void {
    if (!this.#elected) return;
    this.#due = true;
    if (!this.#closing.signal.aborted) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (this.#due && !signal.aborted) {
      try {
        await sleep(SETTLE_MS, signal);
        this.#due = false;
        await this.#reschedule();
      } catch (error) {
        if (signal.aborted) break;
        this.#due = true;
        this.#options.logger.warn({ err: error }, 'cannot place gateways yet');
        await sleep(RETRY_MS, signal).catch(() => {});
      }
    }
    this.#running = undefined;
  }

  async #reschedule(): Promise<void> {
    const { southbound, database, logger, placing } = this.#options;
    if (southbound.state !== 'ready') return;
    if (!this.#expected.begun) {
      this.#expected.begin(await database.read(scheduledChassis));
      this.#expected.see(this.#present());
    }
    const waiting = this.#expected.remaining;
    if (waiting > 0) {
      logger.info({ waiting }, 'most chassis are gone at once: waiting for them before gateways move');
      await this.#placeWhatHasNoPlace();
      this.#wakeLater(waiting);
      return;
    }
    await keepHostNetworks(database, placing.chassis());
    const routers = await database.read((reader) => this.#misplaced(reader));
    await this.#inBatches(routers, async (tx, ids) => (await placeGateways(tx, ids, placing)).map(routerKey));
    const networks = await database.read((reader) => misplacedExternalPorts(reader, placing));
    await this.#inBatches(networks, (tx, ids) => placeExternalPorts(tx, ids, placing));
    if (routers.length + networks.length > 0)
      logger.info({ routers: routers.length, networks: networks.length }, 'gateways placed anew');
  }

  async #misplaced(reader: Reader): Promise<readonly string[]> {
    const rows = await reader.query.selectFrom('routers').select('id').orderBy('id').execute();
    const ids = rows.map((row) => row.id);
    return [...(await misplaced(reader, ids, this.#options.placing)).keys()];
  }

  async #placeWhatHasNoPlace(): Promise<void> {
    const { database, placing } = this.#options;
    const routers = await database.read(async (reader) => {
      const ids = await this.#misplaced(reader);
      const placed = await schedulesOf(reader, ids);
      return ids.filter((id) => !placed.has(id));
    });
    await this.#inBatches(routers, async (tx, ids) => (await placeGateways(tx, ids, placing)).map(routerKey));
  }

  #wakeLater(milliseconds: number): void {
    clearTimeout(this.#again);
    if (!this.#closing.signal.aborted) this.#again = setTimeout(() => this.#wake(), milliseconds);
  }

  async #inBatches(
    ids: readonly string[],
    place: (tx: Transaction, ids: readonly string[]) => Promise<readonly OvnKey[]>,
  ): Promise<void> {
    const { database, record, apply } = this.#options;
    const applied: Promise<unknown>[] = [];
    for (let start = 0; start < ids.length; start += BATCH) {
      const batch = ids.slice(start, start + BATCH);
      const keys = await database.transaction(async (tx) => {
        const moved = await place(tx, batch);
        await record(tx, moved);
        return moved;
      });
      // OVN follows while the next ones are placed: its part takes longer than theirs.
      applied.push(apply(keys));
    }
    await Promise.all(applied);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#listening.dispose();
    await this.#running;
  }
}
