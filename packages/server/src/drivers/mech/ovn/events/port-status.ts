import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { ChangeBatch } from '@ovenbird/ovsdb';
import type { Logger } from '../../../../core/logger.ts';
import { sleep } from '../../../../core/sleep.ts';
import type { Database } from '../../../../db/database.ts';
import type { PortStatusReport } from '../../../../ml2/contract.ts';
import type { NorthboundClient } from '../databases.ts';

export interface PortStatusOptions {
  readonly northbound: NorthboundClient;
  readonly database: Database;
  readonly logger: Logger;
  /** Where news go. What it is told may be old, repeated, or about ports that are gone. */
  readonly report: (reports: readonly PortStatusReport[]) => Promise<void>;
  /** After a report took effect: rows that tell of the status differ now. */
  readonly onReported: (portIds: readonly string[]) => Promise<unknown>;
}

const REPORT_PORTS = 500;
const RETRY_MS = 1_000;
/** Time for a chassis to release a port that was moved away from it; until then the row still says that it is up. */
const RELEASE_MS = 2_000;

/** A port carries traffic when its chassis says so and nobody has switched it off. */
const isUp = (row: { readonly up: boolean | undefined; readonly enabled: boolean | undefined }): boolean =>
  row.up === true && row.enabled !== false;

/**
 * Port status as a function of Northbound rows. At every (re)connect all ports are compared with SQL; between connects a
 * row's change is a hint to look at that row again. Nothing depends on having seen an edge.
 */
export class PortStatus implements AsyncDisposable {
  readonly #options: PortStatusOptions;
  readonly #closing = new AbortController();
  readonly #listener: Disposable;
  /** Row UUIDs of ports that are up, to tell a change of `up` from any other change. */
  readonly #up = new Set<string>();
  #pending = new Map<string, boolean>();
  readonly #later = new Set<string>();
  #lookingLater: Promise<void> | undefined;
  #compareAll = false;
  #running: Promise<void> | undefined;

  constructor(options: PortStatusOptions) {
    this.#options = options;
    this.#listener = options.northbound.onBatch((batch) => this.#note(batch));
    if (options.northbound.state === 'ready') this.compareAll();
  }

  /** Look at every port anew. */
  compareAll(): void {
    this.#compareAll = true;
    this.#wake();
  }

  /** Look at these ports anew: SQL may have declared them down while they are not. */
  look(portIds: readonly string[]): void {
    for (const id of portIds) {
      const [row] = this.#options.northbound.replica.Logical_Switch_Port.find('name', id);
      if (row !== undefined && isUp(row)) this.#pending.set(id, true);
    }
    if (this.#pending.size > 0) this.#wake();
  }

  /** Look at these ports when the chassis that carried them has had time to let go. */
  lookLater(portIds: readonly string[]): void {
    for (const id of portIds) this.#later.add(id);
    if (!this.#closing.signal.aborted) this.#lookingLater ??= this.#lookWhenReleased();
  }

  async #lookWhenReleased(): Promise<void> {
    await sleep(RELEASE_MS, this.#closing.signal).catch(() => {});
    const ids = [...this.#later];
    this.#later.clear();
    this.#lookingLater = undefined;
    if (!this.#closing.signal.aborted) this.look(ids);
  }

  #note(batch: ChangeBatch<NorthboundTables>): void {
    for (const change of batch.changes) {
      if (change.table !== 'Logical_Switch_Port') continue;
      const { uuid, row } = change;
      const up = change.kind !== 'delete' && isUp(row);
      if (up === this.#up.has(uuid)) continue;
      if (up) this.#up.add(uuid);
      else this.#up.delete(uuid);
      if (row.external_ids.has('neutron:port_name')) this.#pending.set(row.name, up);
    }
    if (batch.initial) this.#compareAll = true;
    if (this.#pending.size > 0 || this.#compareAll) this.#wake();
  }

  #wake(): void {
    if (!this.#closing.signal.aborted) this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    await Promise.resolve();
    while (!signal.aborted && (this.#pending.size > 0 || this.#compareAll)) {
      const taken = this.#pending;
      try {
        if (this.#compareAll) await this.#collectAll();
        this.#pending = new Map();
        await this.#send(taken);
      } catch (error) {
        if (signal.aborted) break;
        this.#options.logger.warn({ err: error, ports: taken.size }, 'cannot report port status yet');
        this.#pending = new Map([...taken, ...this.#pending]);
        await sleep(RETRY_MS, signal).catch(() => {});
      }
    }
    this.#running = undefined;
  }

  /** Ports whose status in SQL is not what their row says; a port without a row carries nothing. */
  async #collectAll(): Promise<void> {
    const { northbound, database } = this.#options;
    if (northbound.state !== 'ready') {
      this.#compareAll = false;
      return;
    }
    this.#compareAll = false;
    const ports = await database
      .read((reader) => reader.query.selectFrom('ports').select(['id', 'status']).execute())
      .catch((error: unknown) => {
        this.#compareAll = true;
        throw error;
      });
    for (const { id, status } of ports) {
      const row = northbound.replica.Logical_Switch_Port.find('name', id)[0];
      const up = row !== undefined && isUp(row);
      if (up !== (status === 'ACTIVE')) this.#pending.set(id, up);
    }
  }

  async #send(states: ReadonlyMap<string, boolean>): Promise<void> {
    const reports = [...states].map(([portId, up]): PortStatusReport => ({ portId, up }));
    for (let start = 0; start < reports.length; start += REPORT_PORTS) {
      const part = reports.slice(start, start + REPORT_PORTS);
      await this.#options.report(part);
      await this.#options.onReported(part.map((each) => each.portId));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#listener[Symbol.dispose]();
    await this.#lookingLater;
    await this.#running;
  }
}
