import type { ClientOptions, OvsdbClient, Replica, TablesType } from './contract.ts';
import { ReplicaStore } from './replica/replica-store.ts';
import type { DynamicIndexKey } from './replica/row-index.ts';
import { SessionClient } from './session/client.ts';
import { OperationBuilder } from './txn/operations.ts';

const PROBE_INTERVAL_MS = 5_000;
const BACKOFF_MS = { min: 50, max: 8_000 };

/**
 * Make a client and start to connect. Await `ready()` before reading the replica; dispose it to disconnect.
 * Throws a `TypeError` for an endpoint that is not one, no endpoints, and monitored tables or columns that the schema
 * lacks.
 */
export function createOvsdbClient<T extends TablesType>(options: ClientOptions<T>): OvsdbClient<T> {
  const { database, schema, endpoints, monitor, tls } = options;
  if (endpoints.length === 0) throw new TypeError('at least one endpoint is needed');
  const store = new ReplicaStore({
    schema,
    monitor,
    conditions: options.conditions ?? {},
    // T was generated from this schema: rows of its tables are what the replica makes of them, seen through T.
    indexes: (options.indexes ?? {}) as {
      readonly [table: string]: { readonly [index: string]: DynamicIndexKey };
    },
  });
  const session = new SessionClient(
    {
      database,
      schema,
      endpoints,
      tls,
      leaderOnly: options.leaderOnly ?? true,
      probeIntervalMs: options.probeIntervalMs ?? PROBE_INTERVAL_MS,
      backoffMs: options.backoffMs ?? BACKOFF_MS,
      onLog: options.onLog ?? (() => {}),
      onTransaction: options.onTransaction ?? (() => {}),
    },
    store,
  );
  return {
    get state() {
      return session.state;
    },
    get serverSchema() {
      return session.serverSchema;
    },
    // As above: T describes the tables that were made from this schema.
    replica: store.tables as unknown as Replica<T>,
    operations: new OperationBuilder<T>(schema, () => session.serverSchema),
    ready: (signal) => session.ready(signal),
    onBatch: (listener) =>
      session.onBatch((batch) => listener(batch as unknown as Parameters<typeof listener>[0])),
    onState: (listener) => session.onState(listener),
    transact: (operations, transactOptions) => session.transact(operations, transactOptions),
    lock: (name, onChange) => session.lock(name, onChange),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}
