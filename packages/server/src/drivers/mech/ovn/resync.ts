import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ColumnValue } from '@ovenbird/ovsdb';
import type { Logger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import { actualKeys, type PortParents, scannedParents } from './actual.ts';
import type { Applier, Outcome } from './apply.ts';
import { compare, type KeyOutcome } from './batch.ts';
import type { NorthboundClient } from './databases.ts';
import { isEmpty, targetUuid } from './diff.ts';
import { type OvnKey, orderedKeys } from './key.ts';
import { parentTable } from './operations.ts';
import type { OvnSettings } from './settings.ts';
import type { SnapshotLoader } from './snapshot/load.ts';

/** One thing in which OVN is not what SQL says. */
export interface Drift {
  readonly key: OvnKey;
  readonly table: string;
  readonly uuid: string;
  /** `missing`, `surplus`: the row as a whole. `column`: one column. `not_member`, `surplus_member`: a set's element. */
  readonly kind: 'missing' | 'surplus' | 'column' | 'not_member' | 'surplus_member' | 'unmappable';
  readonly column?: string;
  readonly have?: ColumnValue;
  readonly want?: ColumnValue;
}

export interface ResyncOptions {
  readonly northbound: NorthboundClient;
  readonly database: Database;
  readonly loader: SnapshotLoader;
  readonly settings: OvnSettings;
  readonly applier: Applier;
  readonly logger: Logger;
}

export interface ResyncReport {
  /** Keys looked at, and those found different. */
  readonly compared: number;
  readonly different: number;
  readonly outcome: Outcome;
}

/** The replica is not complete, so nothing can be said about what is missing. */
export class ReplicaIncomplete extends Error {
  override readonly name = 'ReplicaIncomplete';
  constructor() {
    super('the Northbound replica is not complete');
  }
}

const CHUNK_KEYS = 500;

/** Compares all that SQL and OVN hold, in pieces that leave the event loop free between them. */
export class Resync {
  readonly #options: ResyncOptions;

  constructor(options: ResyncOptions) {
    this.#options = options;
  }

  /**
   * Find every key that differs and apply it. Throws {@link ReplicaIncomplete}. The applier works each key out anew from
   * SQL and replica, so a change made meanwhile is never undone.
   */
  async run(): Promise<ResyncReport> {
    const started = performance.now();
    const keys = await this.#allKeys();
    const different = (await this.#different(keys)).map((outcome) => outcome.key);
    const outcome = await this.#options.applier.apply(orderedKeys(different), true);
    const report = { compared: keys.length, different: different.length, outcome };
    const milliseconds = Math.round(performance.now() - started);
    this.#options.logger.info({ ...report, milliseconds }, 'compared OVN with the database');
    return report;
  }

  /**
   * Everything in which OVN differs from SQL, without touching either. Keys that differ are looked at twice, so changes
   * that were just being applied do not show. Throws {@link ReplicaIncomplete}.
   */
  async drift(): Promise<readonly Drift[]> {
    const first = await this.#different(await this.#allKeys());
    if (first.length === 0) return [];
    const again = await this.#different(first.map((outcome) => outcome.key));
    return again.flatMap((outcome) => this.#describe(outcome));
  }

  async #allKeys(): Promise<readonly OvnKey[]> {
    const { database, loader, northbound } = this.#options;
    this.#requireReplica();
    const stored = await database.read((reader) => loader.allKeys(reader));
    return orderedKeys([...stored, ...actualKeys(northbound.replica)]);
  }

  #requireReplica(): void {
    if (this.#options.northbound.state !== 'ready') throw new ReplicaIncomplete();
  }

  async #different(keys: readonly OvnKey[]): Promise<readonly KeyOutcome[]> {
    this.#requireReplica();
    const parents = scannedParents(this.#options.northbound.replica);
    const different: KeyOutcome[] = [];
    for (let start = 0; start < keys.length; start += CHUNK_KEYS) {
      const outcomes = await this.#compare(keys.slice(start, start + CHUNK_KEYS), parents);
      different.push(...outcomes.filter((outcome) => 'error' in outcome || !isEmpty(outcome.difference)));
      await nextTurn();
    }
    return different;
  }

  async #compare(keys: readonly OvnKey[], parents: PortParents): Promise<readonly KeyOutcome[]> {
    const { database, loader, northbound, settings } = this.#options;
    const { snapshot } = await database.read((reader) => loader.load(reader, keys));
    this.#requireReplica();
    return compare(keys, snapshot, settings, northbound.replica, parents);
  }

  #describe(outcome: KeyOutcome): readonly Drift[] {
    const { key } = outcome;
    if ('error' in outcome)
      return [{ key, table: '', uuid: '', kind: 'unmappable', have: String(outcome.error) }];
    const nb = this.#options.northbound.replica;
    const { inserts, updates, deletes, joins, leaves } = outcome.difference;
    return [
      ...inserts.map((row): Drift => ({ key, table: row.table, uuid: targetUuid(row, nb), kind: 'missing' })),
      ...deletes.map(({ table, uuid }): Drift => ({ key, table, uuid, kind: 'surplus' })),
      ...updates.flatMap(({ uuid, row, differences }) =>
        differences.map(
          ({ column, have, want }): Drift => ({
            key,
            table: row.table,
            uuid,
            kind: 'column',
            column,
            have,
            want,
          }),
        ),
      ),
      ...joins.map(
        ({ column, parent, element }): Drift => ({
          key,
          table: parentTable(column),
          uuid: parent,
          kind: 'not_member',
          column,
          want: element,
        }),
      ),
      ...leaves.map(
        ({ column, parent, element }): Drift => ({
          key,
          table: parentTable(column),
          uuid: parent,
          kind: 'surplus_member',
          column,
          have: element,
        }),
      ),
    ];
  }
}
