import type { NorthboundTables } from '@ovenbird/ovn-db';
import type { ChangeBatch } from '@ovenbird/ovsdb';
import type { Logger } from '../../../../core/logger.ts';
import { sleep } from '../../../../core/sleep.ts';
import type { Database, Reader } from '../../../../db/database.ts';
import { ACTIVE } from '../../../../db/query/literals.ts';
import { ROUTER_GATEWAY } from '../../../../ipam/device-owner.ts';
import type { PortStatusReport } from '../../../../ml2/contract.ts';
import type { NorthboundClient, SouthboundClient } from '../databases.ts';
import type { Election } from '../election.ts';
import { arrivedPorts, watchArrivals } from './arrivals.ts';
import { GatewayPlaces } from './gateway-places.ts';
import { isWhereAsked, watchClaims } from './machine-places.ts';

export interface PortStatusOptions {
  /** Whether this process is the one that goes the rounds. */
  readonly election: Pick<Election, 'onChange'>;
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
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
/** All ports are looked at this often, as SQL may have been changed by a process that died before it looked. */
const ROUND_MS = 3_000;

type PortRow = NorthboundTables['Logical_Switch_Port'];

/** A port carries traffic when its chassis says so and nobody has switched it off. */
const isUp = (row: Pick<PortRow, 'up' | 'enabled'>): boolean => row.up === true && row.enabled !== false;

const isGateway = (row: Pick<PortRow, 'external_ids'>): boolean =>
  row.external_ids.get('neutron:device_owner') === ROUTER_GATEWAY;

/** What SQL says of all ports, and of gateways where they are. */
const recorded = async ({ query }: Reader) => {
  const ports = await query.selectFrom('ports').select(['id', 'status']).execute();
  const gateways = await query
    .selectFrom('router_ports')
    .innerJoin('port_bindings', 'port_bindings.port_id', 'router_ports.port_id')
    .select(['router_ports.port_id', 'port_bindings.host'])
    .where('router_ports.port_type', '=', ROUTER_GATEWAY)
    .where('port_bindings.status', '=', ACTIVE)
    .execute();
  return { ports, hosts: new Map(gateways.map((row) => [row.port_id, row.host])) };
};

/**
 * Port status as a function of Northbound rows, and for gateways of where the Southbound database says they run. At
 * every (re)connect, and every few seconds by one process, all ports are compared with SQL; between that a row's change
 * is a hint to look at that row again. Nothing depends on having seen an edge.
 */
export class PortStatus implements AsyncDisposable {
  readonly #options: PortStatusOptions;
  readonly #closing = new AbortController();
  readonly #listener: Disposable;
  /** Row UUIDs of ports that are up, to tell a change of `up` from any other change. */
  readonly #up = new Set<string>();
  readonly #gateways: GatewayPlaces;
  readonly #arrivals: Disposable;
  readonly #claims: Disposable;
  /** Ports whose arrival at another host is still to be told. */
  readonly #arrived = new Set<string>();
  #pending = new Set<string>();
  readonly #later = new Set<string>();
  #lookingLater: Promise<void> | undefined;
  #compareAll = false;
  #running: Promise<void> | undefined;
  #lock: Disposable | undefined;
  #elected = false;
  #rounds: Promise<void> | undefined;

  constructor(options: PortStatusOptions) {
    this.#options = options;
    this.#listener = options.northbound.onBatch((batch) => this.#note(batch));
    this.#gateways = new GatewayPlaces(options.southbound, (ports) => {
      if (ports === 'all') this.#compareAll = true;
      else for (const id of ports) this.#pending.add(id);
      this.#wake();
    });
    this.#arrivals = watchArrivals(options.southbound, (ports) => this.#tellArrival(ports));
    this.#claims = watchClaims(options.southbound, (ports) => this.look(ports));
    if (options.northbound.state === 'ready') this.compareAll();
  }

  /** Go rounds until disposed, when this process is elected. */
  start(): void {
    this.#lock ??= this.#options.election.onChange((owned) => {
      this.#elected = owned;
      // What the one before had no time for. To hear of it twice does no harm.
      if (owned) this.#tellArrival(arrivedPorts(this.#options.southbound));
    });
    this.#rounds ??= this.#goRounds();
  }

  /** An arrival changes nothing in SQL by which others could tell that it was told. */
  #tellArrival(portIds: readonly string[]): void {
    if (!this.#elected) return;
    for (const id of portIds) {
      this.#arrived.add(id);
      this.#pending.add(id);
    }
    this.#wake();
  }

  async #goRounds(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await sleep(ROUND_MS, signal).catch(() => {});
      if (this.#elected) this.compareAll();
    }
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
      if (row !== undefined && isUp(row)) this.#pending.add(id);
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
      if (row.external_ids.has('neutron:port_name')) this.#pending.add(row.name);
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
        this.#pending = new Set();
        await this.#send(taken);
      } catch (error) {
        if (signal.aborted) break;
        this.#options.logger.warn({ err: error, ports: taken.size }, 'cannot report port status yet');
        this.#pending = taken.union(this.#pending);
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
    const { ports, hosts } = await database.read(recorded).catch((error: unknown) => {
      this.#compareAll = true;
      throw error;
    });
    for (const { id, status } of ports) {
      const seen = this.#seen(id);
      if (seen === undefined || this.#later.has(id)) continue;
      const moved = seen.host !== undefined && seen.host !== hosts.get(id);
      if (moved || seen.up !== (status === 'ACTIVE')) this.#pending.add(id);
    }
  }

  /**
   * What rows say of a port now; undefined while they cannot say, or the two databases say different things, of which either
   * may be old. A port without a row carries nothing.
   */
  #seen(portId: string): PortStatusReport | undefined {
    const { northbound, southbound } = this.#options;
    if (northbound.state !== 'ready') return undefined;
    const [row] = northbound.replica.Logical_Switch_Port.find('name', portId);
    if (row === undefined) return { portId, up: false };
    if (!isGateway(row)) {
      const up = isUp(row);
      if (up && !isWhereAsked(row, southbound.replica)) return undefined;
      const revision = Number(row.external_ids.get('neutron:revision_number'));
      return { portId, up, revision, arrived: this.#arrived.has(portId) };
    }
    if (!this.#gateways.known) return undefined;
    const host = this.#gateways.hostOf(portId);
    return { portId, up: isUp(row) && host !== '', host };
  }

  async #send(portIds: ReadonlySet<string>): Promise<void> {
    const reports = [...portIds].map((id) => this.#seen(id)).filter((report) => report !== undefined);
    for (let start = 0; start < reports.length; start += REPORT_PORTS) {
      const part = reports.slice(start, start + REPORT_PORTS);
      await this.#report(part);
      await this.#options.onReported(part.map((each) => each.portId));
    }
  }

  async #report(part: readonly PortStatusReport[]): Promise<void> {
    const arrived = part.filter((each) => each.arrived === true);
    for (const { portId } of arrived) this.#arrived.delete(portId);
    try {
      await this.#options.report(part);
    } catch (error) {
      for (const { portId } of arrived) this.#arrived.add(portId);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#lock?.[Symbol.dispose]();
    this.#listener[Symbol.dispose]();
    this.#gateways[Symbol.dispose]();
    this.#arrivals[Symbol.dispose]();
    this.#claims[Symbol.dispose]();
    await this.#rounds;
    await this.#lookingLater;
    await this.#running;
  }
}
