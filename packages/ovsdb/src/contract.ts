/**
 * What users of this package see. Terms are RFC 7047's. Values are represented as:
 * integer, real → number · boolean → boolean · string, uuid → string ·
 * column with min 0 max 1 → `T | undefined` · other sets → `ReadonlySet<T>` · maps → `ReadonlyMap<K, V>`.
 */
export type Uuid = string;
export type Atom = string | number | boolean;
export type ColumnValue = Atom | undefined | ReadonlySet<Atom> | ReadonlyMap<Atom, Atom>;

/** Column types of a table, as generated from a schema: `{ name: string; ports: ReadonlySet<Uuid>; … }`. */
export type RowType = { readonly [column: string]: ColumnValue };
/** Tables of a database, as generated from a schema. */
export type TablesType = { readonly [table: string]: RowType };

/** A row of the replica: a live view, valid until the row is deleted; columns change as updates arrive. */
export type Row<R> = Readonly<R> & { readonly _uuid: Uuid };

/** One table of the in-memory replica. */
export interface TableReplica<R> {
  readonly size: number;
  get(uuid: Uuid): Row<R> | undefined;
  /** Rows in no particular order. Do not keep the iterator across an await. */
  rows(): IterableIterator<Row<R>>;
  /** Rows whose declared index `index` has this key. Unknown index names throw a `TypeError`. */
  find(index: string, key: string): readonly Row<R>[];
  /** Whether the server has this column (older schemas lack some). */
  has(column: keyof R & string): boolean;
}

/** The in-memory copy of the monitored tables. A table that the server lacks is present and empty. */
export type Replica<T extends TablesType> = { readonly [K in keyof T]: TableReplica<T[K]> };

/** Key extractors of an index: a column's value, a key of a map column, or anything computed from the row. */
export type IndexKey<R> = (row: Row<R>) => string | readonly string[] | undefined;

export interface RowChange<T extends TablesType, K extends keyof T & string = keyof T & string> {
  readonly table: K;
  readonly kind: 'insert' | 'modify' | 'delete';
  readonly uuid: Uuid;
  /** The row after the change; for `delete`, as it last was. */
  readonly row: Row<T[K]>;
  /** Columns that this change touched; every monitored column for insert and delete. */
  readonly columns: ReadonlySet<string>;
}

/**
 * Changes of one update notification (one committed transaction, or what a resync found different), in wire order.
 * `initial` is true for the first batch after connecting, also when it resumed.
 */
export interface ChangeBatch<T extends TablesType> {
  readonly initial: boolean;
  readonly changes: readonly { [K in keyof T & string]: RowChange<T, K> }[keyof T & string][];
}

/** Conditions of RFC 7047 §5.1. */
export type Condition<R> = readonly [
  column: (keyof R & string) | '_uuid',
  operator: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'includes' | 'excludes',
  value: ColumnValue,
];
/** Mutations of RFC 7047 §5.1. */
export type Mutation<R> = readonly [
  column: keyof R & string,
  mutator: '+=' | '-=' | '*=' | '/=' | '%=' | 'insert' | 'delete',
  value: ColumnValue,
];

/** An operation in RFC 7047 wire form, made only by {@link Operations}. */
export interface Operation {
  readonly op: string;
  readonly [member: string]: unknown;
}

/** Typed operations for one database. A column that the connected server lacks is left out of insert and update rows. */
export interface Operations<T extends TablesType> {
  /** Insert with a row UUID chosen by the caller (`uuid` member, ovsdb-server ≥ 2.17 / OVS 3.1). */
  insert<K extends keyof T & string>(table: K, uuid: Uuid, row: Partial<T[K]>): Operation;
  update<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    row: Partial<T[K]>,
  ): Operation;
  mutate<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    mutations: readonly Mutation<T[K]>[],
  ): Operation;
  delete<K extends keyof T & string>(table: K, where: readonly Condition<T[K]>[]): Operation;
  select<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    columns?: readonly (keyof T[K] & string)[],
  ): Operation;
  /** `wait` with timeout 0 unless given: the transaction fails with `timed out` unless the rows are (`==`) or are not (`!=`) these. */
  wait<K extends keyof T & string>(
    table: K,
    where: readonly Condition<T[K]>[],
    columns: readonly (keyof T[K] & string)[],
    until: '==' | '!=',
    rows: readonly Partial<T[K]>[],
    timeoutMs?: number,
  ): Operation;
  comment(text: string): Operation;
  assert(lock: string): Operation;
}

/** Result of one operation (RFC 7047 §5.2): `count` for update, mutate, delete; `uuid` for insert; `rows` for select. */
export interface OperationResult {
  readonly count?: number;
  readonly uuid?: Uuid;
  readonly rows?: readonly { readonly [column: string]: ColumnValue }[];
}

/** `connecting`: no link. `syncing`: link, replica incomplete. `ready`: the replica is complete and follows. */
export type ClientState = 'connecting' | 'syncing' | 'ready' | 'closed';

/** What to monitor: all columns of a table, or those named. Tables not named are not kept. */
export type MonitorSpec<T extends TablesType> = {
  readonly [K in keyof T & string]?: 'all' | readonly (keyof T[K] & string)[];
};

/** Conditions on single-valued columns by table (ovsdb-server(7), `monitor_cond`). */
export type MonitorConditions<T extends TablesType> = {
  readonly [K in keyof T & string]?: readonly (readonly [
    column: keyof T[K] & string,
    operator: '==' | '!=',
    value: string | number | boolean,
  ])[];
};

export type IndexSpec<T extends TablesType> = {
  readonly [K in keyof T & string]?: { readonly [index: string]: IndexKey<T[K]> };
};

export interface TlsFiles {
  readonly privateKey: string;
  readonly certificate: string;
  readonly caCertificate: string;
}

export interface ClientOptions<T extends TablesType> {
  readonly database: string;
  /** The schema that types were generated from; the server's own is read on connect and may lack tables and columns. */
  readonly schema: import('./schema/database-schema.ts').DatabaseSchema;
  /** `unix:PATH`, `tcp:HOST:PORT`, `ssl:HOST:PORT`; tried in turn. */
  readonly endpoints: readonly string[];
  readonly monitor: MonitorSpec<T>;
  /**
   * Rows to keep of a table: those for which any of its conditions holds; others are not sent. A server with nothing but
   * `monitor` (before OVS 2.6) sends all rows. Default: every row.
   */
  readonly conditions?: MonitorConditions<T>;
  readonly indexes?: IndexSpec<T>;
  /** Only stay with a server that says it is the leader (clustered databases). Default true. */
  readonly leaderOnly?: boolean;
  readonly tls?: TlsFiles;
  /** Idle time before an echo is sent; twice that without an answer ends the connection. Default 5,000 ms; 0: off. */
  readonly probeIntervalMs?: number;
  /** Reconnect back-off bounds; full jitter. Default 50 ms to 8,000 ms. */
  readonly backoffMs?: { readonly min: number; readonly max: number };
  /** Told of every transaction that was sent, with the milliseconds to its end. Must not throw. */
  readonly onTransaction?: (outcome: TransactionOutcome, milliseconds: number) => void;
  readonly onLog?: (
    level: 'debug' | 'info' | 'warn',
    message: string,
    fields: Record<string, unknown>,
  ) => void;
}

/** `committed`, `refused` by the server, or `unknown`: the answer was lost. */
export type TransactionOutcome = 'committed' | 'refused' | 'unknown';

/**
 * A connection that keeps a replica. It reconnects by itself until disposed.
 *
 * Promise of order: when {@link transact} resolves, the replica already shows that transaction's changes
 * (the server sends the update before the reply).
 */
export interface OvsdbClient<T extends TablesType> extends AsyncDisposable {
  readonly state: ClientState;
  readonly replica: Replica<T>;
  readonly operations: Operations<T>;
  /** The schema of the connected server; `undefined` before the first connection. */
  readonly serverSchema: import('./schema/database-schema.ts').DatabaseSchema | undefined;
  /** Resolves when `state` is `ready`. Rejects when aborted or closed. */
  ready(signal?: AbortSignal): Promise<void>;
  /** Called for every batch, in order, after the replica shows it. Listeners must not throw and must not block. */
  onBatch(listener: (batch: ChangeBatch<T>) => void): Disposable;
  onState(listener: (state: ClientState) => void): Disposable;
  /**
   * Run one transaction. Throws the error class of the first failed operation (all of RFC 7047 §3.1 and §5.2),
   * `NotConnectedError` when nothing was sent, and `UnknownOutcomeError` when the link was lost, or the deadline
   * passed, after sending. The deadline is 60,000 ms unless given; an abort after sending counts as passed.
   */
  transact(
    operations: readonly Operation[],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<readonly OperationResult[]>;
  /**
   * Ask for a named lock (RFC 7047 §4.1.8); asked for again after each reconnect until disposed. ovsdb-server takes
   * names of letters, digits and underscores only.
   */
  lock(name: string, onChange: (owned: boolean) => void): Lock;
}

/** A lock that was asked for; disposing lets it go. */
export interface Lock extends Disposable {
  /** Take it from whoever owns it, who then waits for it (RFC 7047 §4.1.8); nothing without a link, or when it is owned. */
  steal(): void;
}
