import type { MonitorRequests, ReplicaStore, UpdateNotation } from '../replica/replica-store.ts';
import type { DynamicChange } from '../replica/table.ts';
import { SyntaxViolationError, UnknownMethodError } from '../wire/errors.ts';
import type { Link } from './link.ts';

/** Identifier of the monitor of the database itself. */
export const DATA_MONITOR_ID = 'data';

const NO_TRANSACTION = '00000000-0000-0000-0000-000000000000';

export type MonitorMethod = 'monitor_cond_since' | 'monitor_cond' | 'monitor';
/** From the best to the oldest. */
const METHODS: readonly MonitorMethod[] = ['monitor_cond_since', 'monitor_cond', 'monitor'];

/** RFC 7047 §4.1.5 knows no conditions. */
const unconditional = (requests: MonitorRequests): MonitorRequests =>
  Object.fromEntries(Object.entries(requests).map(([table, [{ columns }]]) => [table, [{ columns }]]));

/**
 * Keeps the replica in step with one server after the other: asks for what is new since the last transaction seen,
 * where the server knows that, for everything otherwise, and applies what is notified. Lives as long as the client.
 */
export class DataMonitor {
  readonly #database: string;
  readonly #store: ReplicaStore;
  readonly #onChanges: (changes: DynamicChange[], initial: boolean) => void;
  #lastTransaction = NO_TRANSACTION;
  #resumable = '';

  /** `onChanges` is called for each update, after the replica shows it, in the turn in which it was read. */
  constructor(
    database: string,
    store: ReplicaStore,
    onChanges: (changes: DynamicChange[], initial: boolean) => void,
  ) {
    this.#database = database;
    this.#store = store;
    this.#onChanges = onChanges;
  }

  /** Start on a link. Out: the method that the server has, and whether it resumed instead of sending everything. */
  async start(
    link: Link,
    methods: readonly MonitorMethod[] = METHODS,
  ): Promise<{ method: MonitorMethod; resumed: boolean }> {
    const [method, ...older] = methods;
    if (method === undefined) throw new TypeError('the server has no monitor method');
    const requests = this.#store.monitorRequests();
    const asked = JSON.stringify(requests);
    // What is new since a transaction only helps when the same columns are asked for.
    if (asked !== this.#resumable) this.#lastTransaction = NO_TRANSACTION;
    const params: unknown[] = [
      this.#database,
      DATA_MONITOR_ID,
      method === 'monitor' ? unconditional(requests) : requests,
    ];
    if (method === 'monitor_cond_since') params.push(this.#lastTransaction);
    try {
      const resumed = await link.request(method, params, (result) => this.#started(method, asked, result));
      return { method, resumed };
    } catch (error) {
      const lacksMethod = error instanceof UnknownMethodError || error instanceof SyntaxViolationError;
      if (!lacksMethod || older.length === 0) throw error;
      return this.start(link, older);
    }
  }

  /** In: a notification that names this monitor. Out: whether it was one. Throws when it does not fit the replica. */
  notified(method: string, params: readonly unknown[]): boolean {
    if (params[0] !== DATA_MONITOR_ID) return false;
    if (method === 'update3') {
      this.#apply(params[2], 'update2');
      this.#lastTransaction = typeof params[1] === 'string' ? params[1] : NO_TRANSACTION;
      return true;
    }
    if (method !== 'update2' && method !== 'update') return false;
    this.#apply(params[1], method);
    return true;
  }

  #started(method: MonitorMethod, asked: string, result: unknown): boolean {
    const notation: UpdateNotation = method === 'monitor' ? 'update' : 'update2';
    if (method !== 'monitor_cond_since') {
      this.#lastTransaction = NO_TRANSACTION;
      this.#deliver(true, (changes) => this.#store.replaceAll(result, notation, changes));
      return false;
    }
    if (!Array.isArray(result) || result.length !== 3) {
      throw new TypeError('the result of monitor_cond_since must have three members');
    }
    const [found, transaction, updates]: readonly unknown[] = result;
    const resumed = found === true;
    this.#deliver(true, (changes) => {
      if (resumed) this.#store.apply(updates, notation, changes);
      else this.#store.replaceAll(updates, notation, changes);
    });
    this.#lastTransaction = typeof transaction === 'string' ? transaction : NO_TRANSACTION;
    this.#resumable = asked;
    return resumed;
  }

  #apply(updates: unknown, notation: UpdateNotation): void {
    this.#deliver(false, (changes) => this.#store.apply(updates, notation, changes));
  }

  /** Whatever reached the replica is delivered, also when the rest did not fit; then nothing can be resumed. */
  #deliver(initial: boolean, apply: (changes: DynamicChange[]) => void): void {
    const changes: DynamicChange[] = [];
    try {
      apply(changes);
    } catch (error) {
      this.#lastTransaction = NO_TRANSACTION;
      if (changes.length > 0) this.#onChanges(changes, false);
      throw error;
    }
    this.#onChanges(changes, initial);
  }
}
