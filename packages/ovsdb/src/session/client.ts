import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientState, Lock, Operation, OperationResult, TransactionOutcome } from '../contract.ts';
import type { ReplicaStore } from '../replica/replica-store.ts';
import type { DynamicChange } from '../replica/table.ts';
import type { DatabaseSchema } from '../schema/database-schema.ts';
import { parseSchema } from '../schema/parse-schema.ts';
import { decodeResults } from '../txn/results.ts';
import { ClusterError, NotConnectedError, OvsdbError, UnknownOutcomeError } from '../wire/errors.ts';
import { DataMonitor } from './data-monitor.ts';
import { type Endpoint, openSocket, parseEndpoint } from './endpoint.ts';
import { Link, LinkLostError } from './link.ts';
import { ListenerList } from './listener-list.ts';
import { LockRequests } from './locks.ts';
import { EndpointRotation } from './rotation.ts';
import { SERVER_MONITOR_ID, ServerDatabase } from './server-database.ts';
import type { SessionOptions } from './session-options.ts';

export interface DynamicBatch {
  readonly initial: boolean;
  readonly changes: readonly DynamicChange[];
}

const CONNECT_TIMEOUT_MS = 10_000;
const TRANSACT_TIMEOUT_MS = 60_000;

/** The untyped client: one connection at a time, a replica, and the transactions on it. */
export class SessionClient implements AsyncDisposable {
  readonly store: ReplicaStore;
  readonly #options: SessionOptions;
  readonly #monitor: DataMonitor;
  readonly #rotation: EndpointRotation<Endpoint>;
  readonly #closing = new AbortController();
  readonly #batches: ListenerList<DynamicBatch>;
  readonly #states: ListenerList<ClientState>;
  readonly #locks: LockRequests;
  readonly #loop: Promise<void>;
  #state: ClientState = 'connecting';
  #served: DatabaseSchema | undefined;
  #link: Link | undefined;

  constructor(options: SessionOptions, store: ReplicaStore) {
    this.#options = options;
    this.store = store;
    const onFailure = (error: unknown): void => options.onLog('warn', 'a listener failed', { error });
    this.#batches = new ListenerList(onFailure);
    this.#states = new ListenerList(onFailure);
    this.#locks = new LockRequests((name, error) => options.onLog('warn', 'lock failed', { name, error }));
    this.#rotation = new EndpointRotation(options.endpoints.map(parseEndpoint), options.backoffMs);
    this.#monitor = new DataMonitor(options.database, store, (changes, initial) => {
      if (initial) this.#setState('ready');
      if (initial || changes.length > 0) this.#batches.emit({ initial, changes });
    });
    this.#loop = this.#run();
  }

  get state(): ClientState {
    return this.#state;
  }

  get serverSchema(): DatabaseSchema | undefined {
    return this.#served;
  }

  async ready(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#state === 'ready') return;
    if (this.#state === 'closed') throw new NotConnectedError('the client is closed');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    using _listening = this.#states.add((state) => {
      if (state === 'ready') resolve();
      if (state === 'closed') reject(new NotConnectedError('the client is closed'));
    });
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  onBatch(listener: (batch: DynamicBatch) => void): Disposable {
    return this.#batches.add(listener);
  }

  onState(listener: (state: ClientState) => void): Disposable {
    return this.#states.add(listener);
  }

  lock(name: string, onChange: (owned: boolean) => void): Lock {
    return this.#locks.add(name, onChange);
  }

  async transact(
    operations: readonly Operation[],
    options: { readonly timeoutMs?: number; readonly signal?: AbortSignal } = {},
  ): Promise<readonly OperationResult[]> {
    const { timeoutMs = TRANSACT_TIMEOUT_MS, signal } = options;
    signal?.throwIfAborted();
    const link = this.#link;
    if (this.#state !== 'ready' || link === undefined || !link.open) {
      throw new NotConnectedError(`the client is ${this.#state}`);
    }
    const params = [this.#options.database, ...operations];
    const began = performance.now();
    let ending: TransactionOutcome = 'unknown';
    const sent = link.send('transact', params, (result) =>
      decodeResults(result, operations, this.#options.schema),
    );
    const timer = setTimeout(
      () => sent.abandon(new UnknownOutcomeError(`no result in ${timeoutMs} ms`)),
      timeoutMs,
    );
    const onAbort = (): void =>
      sent.abandon(new UnknownOutcomeError('the caller stopped waiting', { cause: signal?.reason }));
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const results = await sent.reply;
      ending = 'committed';
      return results;
    } catch (error) {
      const reason = outcome(error);
      if (!(reason instanceof UnknownOutcomeError)) ending = 'refused';
      throw reason;
    } finally {
      this.#options.onTransaction(ending, performance.now() - began);
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new NotConnectedError('the client is closed'));
    this.#link?.close(new Error('the client is closed'));
    await this.#loop;
  }

  /** Connect, stay until the link ends, move on; until disposed. Never rejects. */
  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const startedAt = performance.now();
      const endpoint = this.#rotation.current;
      const reason = await this.#stay(endpoint);
      if (signal.aborted) break;
      // A link that breaks at once again and again must not be retried without pauses.
      if (performance.now() - startedAt > this.#options.backoffMs.max) this.#rotation.reset();
      const delayMs = this.#rotation.next();
      this.#options.onLog('info', 'disconnected', { endpoint, reason: reason.message, delayMs });
      if (delayMs > 0) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
    this.#setState('closed');
  }

  /** One connection from its start to its end. Out: why it ended. */
  async #stay(endpoint: Endpoint): Promise<Error> {
    const { tls, probeIntervalMs, leaderOnly, database } = this.#options;
    try {
      const socket = await openSocket(endpoint, tls, CONNECT_TIMEOUT_MS, this.#closing.signal);
      const server = new ServerDatabase(database, leaderOnly);
      const link = new Link(socket, {
        probeIntervalMs,
        onNotification: (method, params) => this.#notified(server, method, params),
      });
      this.#link = link;
      this.#setState('syncing');
      try {
        await this.#synchronize(link, server);
      } catch (error) {
        link.close(error instanceof Error ? error : new Error(String(error)));
      }
      const reason = await link.ended;
      return reason;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#link = undefined;
      if (!this.#closing.signal.aborted) this.#setState('connecting');
      this.#locks.detach();
    }
  }

  async #synchronize(link: Link, server: ServerDatabase): Promise<void> {
    const { database, onLog } = this.#options;
    await link
      .request('set_db_change_aware', [true], () => undefined)
      .catch((error: unknown) => {
        if (!(error instanceof OvsdbError)) throw error;
      });
    await server.follow(link);
    const schema = await link.request('get_schema', [database], parseSchema);
    this.#served = schema;
    this.store.setServed(schema);
    const { method, resumed } = await this.#monitor.start(link);
    if (link.open) this.#locks.attach(link);
    onLog('debug', 'synchronized', { method, resumed, version: schema.version });
  }

  #notified(server: ServerDatabase, method: string, params: readonly unknown[]): void {
    if (this.#monitor.notified(method, params)) return;
    if (method === 'update' && params[0] === SERVER_MONITOR_ID) server.update(params[1]);
    else if (method === 'locked' || method === 'stolen') this.#locks.notified(method, params[0]);
    else if (method === 'monitor_canceled') throw new Error('the server changed the database');
    else this.#options.onLog('debug', 'unknown notification', { method });
  }

  #setState(state: ClientState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#states.emit(state);
  }
}

/** What a failed transaction is to its caller: an error after sending that leaves the outcome open says so. */
function outcome(error: unknown): unknown {
  if (error instanceof LinkLostError || (error instanceof ClusterError && error.outcomeUnknown)) {
    return new UnknownOutcomeError('the transaction was sent, its result is not known', { cause: error });
  }
  return error;
}
