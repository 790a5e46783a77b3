import {
  type CompiledQuery,
  type ConnectionProvider,
  type DatabaseConnection,
  DefaultQueryExecutor,
  type Dialect,
  DummyDriver,
  Kysely,
  type QueryResult,
} from 'kysely';
import type { Reader } from './database.ts';
import type { Tables } from './tables.ts';
import { TransactionConflict } from './transaction-errors.ts';

/** What runs SQL text: one open connection of either dialect. */
export interface SqlSession {
  execute(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> | QueryResult<unknown>;
}

/** A statement was run after its transaction had ended. A defect of the caller. */
export class ScopeEnded extends Error {
  override readonly name = 'ScopeEnded';
}

/**
 * One transaction or snapshot as the callback sees it. After {@link end} every statement is refused. After a statement
 * failed all further ones are refused too, in both dialects, because PostgreSQL cannot go on either.
 */
export class QueryScope implements Reader, DatabaseConnection {
  readonly query: Kysely<Tables>;
  readonly #session: SqlSession;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;

  constructor(session: SqlSession, dialect: Dialect) {
    this.#session = session;
    const executor = new SessionExecutor(dialect, this);
    this.query = new Kysely<Tables>({ config: { dialect }, dialect, driver: new DummyDriver(), executor });
  }

  end(): void {
    this.#ended = true;
  }

  /**
   * Run a transaction's body and end the scope. A failed statement fails the body even when it was caught: a conflict
   * in its own right, so that the transaction is repeated, otherwise by what the body threw, or the statement's error.
   */
  async run<T>(body: () => Promise<T>): Promise<T> {
    let result: T;
    try {
      result = await body();
    } catch (error) {
      throw this.#failure?.error instanceof TransactionConflict ? this.#failure.error : error;
    } finally {
      this.end();
    }
    if (this.#failure) throw this.#failure.error;
    return result;
  }

  async executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#ended) throw new ScopeEnded('statement run after the end of its transaction');
    if (this.#failure) throw this.#failure.error;
    try {
      const result = await this.#session.execute(compiled.sql, compiled.parameters);
      // Rows are as the statement's builder typed them; Kysely promises R, the session cannot know it.
      return result as QueryResult<R>;
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    }
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not offered: lists are bounded by pages');
  }
}

/** Kysely's executor, without the layers for logging and pooling, which one bound connection does not need. */
class SessionExecutor extends DefaultQueryExecutor {
  readonly #scope: QueryScope;

  constructor(dialect: Dialect, scope: QueryScope) {
    const provider: ConnectionProvider = { provideConnection: (consumer) => consumer(scope) };
    super(dialect.createQueryCompiler(), dialect.createAdapter(), provider);
    this.#scope = scope;
  }

  override executeQuery<R>(compiled: CompiledQuery): Promise<QueryResult<R>> {
    return this.#scope.executeQuery<R>(compiled);
  }
}
