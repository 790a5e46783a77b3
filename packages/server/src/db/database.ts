import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** Reads of one consistent snapshot. What is got from it may not be kept past the callback. */
export interface Reader {
  readonly query: Kysely<Tables>;
}

/**
 * A write transaction. It exists only inside {@link Database.transaction}; using it later throws.
 * It reads its own writes.
 */
export interface Transaction extends Reader {
  /** Time of the transaction, ISO 8601 with seconds and `Z`: the value for `created_at` and `updated_at`. */
  readonly now: string;
  /** Run after the commit is durable, in order; never run when the transaction rolls back or is retried. */
  onCommit(callback: () => void): void;
}

/** What the SQL dialects differ in, by name. */
export interface DialectTraits {
  readonly name: 'sqlite' | 'postgres';
  /** Whether several processes may write at once. */
  readonly concurrentWriters: boolean;
}

/**
 * The SQL database. `transaction` is retried as a whole on deadlock, serialisation failure and busy (20 tries,
 * increasing delay with jitter; then ApiError 503), so its callback must have no effect but through `tx`.
 * Unique-constraint failures surface as {@link UniqueViolation} naming the table and columns.
 */
export interface Database extends AsyncDisposable {
  readonly traits: DialectTraits;
  read<T>(callback: (reader: Reader) => Promise<T>): Promise<T>;
  /**
   * As {@link read}, for the few rows of a request: where there is one writer, on its connection between two commits, whose
   * pages are in memory while those of readers are lost with every commit. The callback awaits nothing but its own
   * statements, because writers wait for it; one that waits for a transaction would wait for ever.
   */
  readLatest<T>(callback: (reader: Reader) => Promise<T>): Promise<T>;
  transaction<T>(callback: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Run `callback`, with no transaction held, unless another process runs one under the same name; then false.
   */
  alone(name: string, callback: () => Promise<void>): Promise<boolean>;
  /** Whether the database answers now; for readiness. */
  ping(): Promise<boolean>;
}

/** Two rows with the same key. The behaviour that knows what it means turns it into an ApiError. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  readonly table: string;
  readonly columns: readonly string[];
  constructor(table: string, columns: readonly string[], options?: { cause?: unknown }) {
    super(`duplicate key in ${table} (${columns.join(', ')})`, options);
    this.table = table;
    this.columns = columns;
  }
}

/** Thrown by a transaction's callback that lost a race which a new try can win: the whole transaction is repeated. */
export class RetryTransaction extends Error {
  override readonly name = 'RetryTransaction';
}
