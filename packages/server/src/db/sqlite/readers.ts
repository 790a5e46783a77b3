import { SqliteConnection } from './connection.ts';

/** A few read connections, opened as they are needed and used by one snapshot at a time. */
export class SqliteReaders implements Disposable {
  readonly #path: string;
  readonly #limit: number;
  readonly #idle: SqliteConnection[] = [];
  readonly #waiting: ((connection: SqliteConnection) => void)[] = [];
  #open = 0;
  #closed = false;

  constructor(path: string, limit: number) {
    this.#path = path;
    this.#limit = limit;
  }

  /** Run `callback` with a connection of its own; waits for one to become free. */
  async use<T>(callback: (connection: SqliteConnection) => Promise<T>): Promise<T> {
    const connection = await this.#acquire();
    try {
      return await callback(connection);
    } finally {
      const next = this.#waiting.shift();
      if (next) next(connection);
      else if (this.#closed) connection[Symbol.dispose]();
      else this.#idle.push(connection);
    }
  }

  #acquire(): SqliteConnection | Promise<SqliteConnection> {
    if (this.#closed) throw new Error('the database is closed');
    const idle = this.#idle.pop();
    if (idle) return idle;
    if (this.#open < this.#limit) {
      const connection = new SqliteConnection(this.#path, { readOnly: true });
      this.#open += 1;
      return connection;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Snapshots that are under way finish; no new one begins. */
  [Symbol.dispose](): void {
    this.#closed = true;
    for (const connection of this.#idle) connection[Symbol.dispose]();
    this.#idle.length = 0;
  }
}
