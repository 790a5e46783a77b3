import { UnknownDatabaseError } from '../wire/errors.ts';
import type { Link } from './link.ts';

/** Identifier of the monitor of the `_Server` database. */
export const SERVER_MONITOR_ID = 'server';

/** Why a connected server is not one to stay with. */
export class UnsuitableServerError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnsuitableServerError';
  }
}

interface DatabaseRow {
  name?: unknown;
  model?: unknown;
  leader?: unknown;
  connected?: unknown;
}

type JsonObject = { readonly [member: string]: unknown };

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a server says about one of its databases in its `_Server` database (ovsdb-server(5)). Servers without one
 * (before Open vSwitch 2.9) have no clusters either and are taken as they are.
 */
export class ServerDatabase {
  readonly #database: string;
  readonly #leaderOnly: boolean;
  readonly #rows = new Map<string, DatabaseRow>();

  constructor(database: string, leaderOnly: boolean) {
    this.#database = database;
    this.#leaderOnly = leaderOnly;
  }

  /** Start to follow. Rejects with {@link UnsuitableServerError} when the server is not one to stay with now. */
  async follow(link: Link): Promise<void> {
    const columns = ['name', 'model', 'leader', 'connected'];
    try {
      await link.request('monitor', ['_Server', SERVER_MONITOR_ID, { Database: [{ columns }] }], (result) => {
        this.update(result);
      });
    } catch (error) {
      if (!(error instanceof UnknownDatabaseError)) throw error;
    }
  }

  /** In: table updates in the notation of `update`. Throws {@link UnsuitableServerError}. */
  update(updates: unknown): void {
    const rows = isObject(updates) && isObject(updates.Database) ? updates.Database : {};
    for (const [uuid, update] of Object.entries(rows)) {
      if (isObject(update) && isObject(update.new)) this.#rows.set(uuid, update.new);
      else this.#rows.delete(uuid);
    }
    const problem = this.#problem();
    if (problem !== undefined) throw new UnsuitableServerError(problem);
  }

  #problem(): string | undefined {
    const row = [...this.#rows.values()].find((candidate) => candidate.name === this.#database);
    if (row === undefined) return `the server has no database ${this.#database}`;
    if (row.connected === false) return `the server has no connection to the cluster of ${this.#database}`;
    if (this.#leaderOnly && row.model === 'clustered' && row.leader !== true) {
      return `the server is not the leader of ${this.#database}`;
    }
    return undefined;
  }
}
