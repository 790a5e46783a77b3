import { createHash } from 'node:crypto';
import type { QueryResult } from 'kysely';
import pg from 'pg';
import { UniqueViolation } from '../database.ts';
import type { SqlSession } from '../scope.ts';
import { CommitOutcomeUnknown, StatementTimeout, TransactionConflict } from '../transaction-errors.ts';

const STATEMENT_NAMES = 512;

/** Class 40 and the locks and admission errors that a later try may not meet. */
const RETRIABLE = new Set(['40001', '40P01', '40003', '55P03', '57P01', '57P02', '57P03', '53300', '25P03']);
/** A row that is referred to went away, or one that refers came, in a concurrent transaction: look again. */
const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const QUERY_CANCELED = '57014';

const INT8 = pg.types.builtins.INT8;

/** int8 (also of count(*)) as a number: nothing here comes near 2^53. */
export const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format),
};

/** Names for server-side prepared statements; texts beyond the limit go unprepared. */
export class StatementNames {
  readonly #names = new Map<string, string>();

  of(sql: string): string | undefined {
    const known = this.#names.get(sql);
    if (known !== undefined) return known;
    if (this.#names.size >= STATEMENT_NAMES) return undefined;
    const name = `ob${createHash('sha256').update(sql).digest('hex').slice(0, 24)}`;
    this.#names.set(sql, name);
    return name;
  }
}

/** One pooled connection for the length of a transaction. */
export class PostgresSession implements SqlSession {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
  }

  async execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    const name = this.#names.of(sql);
    const values = [...parameters];
    try {
      const result = await this.#client.query(
        name === undefined ? { text: sql, values } : { name, text: sql, values },
      );
      return { rows: result.rows, numAffectedRows: BigInt(result.rowCount ?? 0) };
    } catch (error) {
      throw translatePostgresError(error);
    }
  }
}

/** Whether the connection itself is gone, as opposed to an answer of the server. */
export const isConnectionLoss = (error: unknown): boolean =>
  error instanceof Error &&
  !(error instanceof pg.DatabaseError) &&
  (('code' in error &&
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT'].includes(String(error.code))) ||
    /Connection terminated|not queryable|timeout exceeded/.test(error.message));

/** Whether a statement was not even sent: its connection was known to be gone. */
export const isUnsent = (error: unknown): boolean =>
  error instanceof Error && /not queryable/.test(error.message);

/** What the client library says when a statement had no answer in time. */
const isLate = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/** Whether a translated error means that nothing that is sent over the same connection will be answered. */
export const isSilence = (error: unknown): error is Error =>
  (error instanceof StatementTimeout || error instanceof CommitOutcomeUnknown) && isLate(error.cause);

/** PostgreSQL's errors in the terms of the Database contract. */
export const translatePostgresError = (error: unknown): unknown => {
  if (isConnectionLoss(error))
    return new TransactionConflict('the database connection was lost', { cause: error });
  if (isLate(error)) return new StatementTimeout('the database server gave no answer', { cause: error });
  if (!(error instanceof pg.DatabaseError)) return error;
  const code = error.code ?? '';
  if (code === QUERY_CANCELED) return new StatementTimeout(error.message, { cause: error });
  if (code === UNIQUE_VIOLATION) {
    const columns = /^Key \((.*?)\)=/.exec(error.detail ?? '')?.[1]?.split(', ') ?? [];
    return new UniqueViolation(
      error.table ?? '',
      columns.map((column) => column.replaceAll('"', '')),
      { cause: error },
    );
  }
  if (RETRIABLE.has(code) || code === FOREIGN_KEY_VIOLATION) {
    return new TransactionConflict(error.message, { cause: error });
  }
  return error;
};

/** Whether a server answered and will answer the same again: a wrong password, no such database. */
export const isRefusal = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && !(translatePostgresError(error) instanceof TransactionConflict);

/** Whether the same may well succeed when it is done again: a connection that broke, a server that stops. */
export const isPassing = (error: unknown): boolean =>
  error instanceof TransactionConflict || translatePostgresError(error) instanceof TransactionConflict;
