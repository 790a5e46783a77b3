import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

/** A row by column name. */
export type Row = { readonly [column: string]: string | number | null };

const schema = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS domains (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL, enabled INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS projects (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, domain_id TEXT NOT NULL REFERENCES domains (id),
    description TEXT NOT NULL, enabled INTEGER NOT NULL, UNIQUE (domain_id, name)) STRICT;
  CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, domain_id TEXT NOT NULL REFERENCES domains (id),
    description TEXT NOT NULL, email TEXT, enabled INTEGER NOT NULL, default_project_id TEXT, password TEXT,
    UNIQUE (domain_id, name)) STRICT;
  CREATE TABLE IF NOT EXISTS roles (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, description TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS assignments (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    role_id TEXT NOT NULL REFERENCES roles (id) ON DELETE CASCADE,
    scope TEXT NOT NULL, PRIMARY KEY (user_id, role_id, scope)) STRICT;
  CREATE TABLE IF NOT EXISTS application_credentials (
    id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    project_id TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE, name TEXT NOT NULL,
    description TEXT NOT NULL, secret TEXT NOT NULL, roles TEXT NOT NULL, expires INTEGER,
    unrestricted INTEGER NOT NULL, UNIQUE (user_id, name)) STRICT;
  CREATE TABLE IF NOT EXISTS revoked (audit TEXT PRIMARY KEY, expires INTEGER NOT NULL) STRICT;
`;

/** The lab's identity data in one SQLite file that only its owner may read. */
export class IdentityStore implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  #changes = 0;
  /** Key that tokens are signed with. */
  readonly secret: Buffer;

  /** @param path the file; made with mode 0600 when it does not exist */
  constructor(path: string) {
    closeSync(openSync(path, 'a', 0o600));
    chmodSync(path, 0o600);
    this.#database = new DatabaseSync(path, { enableForeignKeyConstraints: true });
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000;');
    this.#database.exec(schema);
    this.run("INSERT INTO meta VALUES ('secret', ?) ON CONFLICT DO NOTHING", randomBytes(32).toString('hex'));
    this.secret = Buffer.from(String(this.one("SELECT value FROM meta WHERE key = 'secret'")?.value), 'hex');
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#prepare(sql)
      .all(...values)
      .map(rowOf);
  }

  one(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    const row = this.#prepare(sql).get(...values);
    return row === undefined ? undefined : rowOf(row);
  }

  /** Rows changed. */
  run(sql: string, ...values: readonly SQLInputValue[]): number {
    this.#changes += 1;
    return Number(this.#prepare(sql).run(...values).changes);
  }

  /** Run `change` in one transaction. */
  atomically<T>(change: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = change();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Changes whenever anything in the file may have changed, whoever changed it. */
  version(): string {
    return `${this.one('PRAGMA data_version')?.data_version}/${this.#changes}`;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** SQLite rows as plain values; this schema has neither blobs nor large integers. */
const rowOf = (row: object): Row =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]: [string, unknown]) => [
      column,
      typeof value === 'string' || typeof value === 'number' ? value : null,
    ]),
  );
