import type { TransactionOutcome } from '@ovenbird/ovsdb';
import type { Clock } from '../../../core/clock.ts';
import type { Logger } from '../../../core/logger.ts';
import type { Database, Transaction } from '../../../db/database.ts';
import type {
  BindingRequest,
  BindingResult,
  Change,
  MechanismDriver,
  PortStatusReport,
} from '../../../ml2/contract.ts';
import { OvnAgents } from './agents.ts';
import { Applier, type Outcome } from './apply.ts';
import { bindPort } from './bind.ts';
import { requireSchema } from './capabilities.ts';
import { ChassisRegistry } from './chassis.ts';
import {
  type Connection,
  connectNorthbound,
  connectSouthbound,
  type Hearing,
  type NorthboundClient,
  type SouthboundClient,
} from './databases.ts';
import type { Drift } from './drift.ts';
import { Election } from './election.ts';
import { PortStatus } from './events/port-status.ts';
import { placeExternalPorts } from './gateways/external-ports.ts';
import { networksToPlace } from './gateways/external-ports-to-place.ts';
import { type Placing, placeGateways } from './gateways/place.ts';
import { Rescheduler } from './gateways/rescheduler.ts';
import { routersToPlace } from './gateways/routers-to-place.ts';
import { Journal } from './journal.ts';
import { externalPortsKey, type OvnKey } from './key.ts';
import { keysOfChanges } from './keys.ts';
import { floatingIpsToPorts } from './keys-routing.ts';
import { Neighbours } from './neighbours.ts';
import { Patrol, type PatrolFigures } from './patrol.ts';
import { Pulse } from './pulse.ts';
import { Resync, type ResyncReport } from './resync.ts';
import type { OvnSettings } from './settings.ts';
import { createSnapshotLoader } from './snapshot/load.ts';
import { veto } from './veto.ts';

export interface OvnDriverOptions {
  readonly northbound: Connection;
  readonly southbound: Connection;
  readonly settings: OvnSettings;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of every transaction that was answered, and of those whose answer is lost; the time is in milliseconds. */
  readonly onTransaction?: (
    database: 'northbound' | 'southbound',
    outcome: TransactionOutcome,
    milliseconds: number,
  ) => void;
  /** Milliseconds between rounds of comparing everything at a low pace; 0: none. Default 0. */
  readonly patrolIntervalMs?: number;
  /** Where port status goes: ML2's `status.report`. */
  readonly report: (reports: readonly PortStatusReport[]) => Promise<void>;
}

/** The OVN mechanism driver, with what operators and the agents API ask of it beyond the contract. */
export interface OvnMechanismDriver extends MechanismDriver {
  readonly chassis: ChassisRegistry;
  readonly agents: OvnAgents;
  /** Which process has the duties that need one. */
  readonly election: Pick<Election, 'onChange'>;
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  /** Compare everything and make OVN right. Throws ReplicaIncomplete while there is no complete replica. */
  resync(): Promise<ResyncReport>;
  /** Everything in which OVN is not what SQL says; touches nothing. Throws ReplicaIncomplete. */
  drift(): Promise<readonly Drift[]>;
  /** Keys that wait to be applied. */
  readonly backlog: number;
  /** What the continuous comparison found. */
  readonly patrol: PatrolFigures;
}

/** How long a request waits for its rows in OVN; SQL has them then, and the journal sees to OVN. Milliseconds. */
const REQUEST_WAIT_MS = 5_000;
/** How long the start waits for the databases before the API serves without them. Milliseconds. */
const START_WAIT_MS = 10_000;

const OVN_VIF_TYPES = ['ovs', 'vhostuser', 'agilio_ovs'];

class OvnDriver implements OvnMechanismDriver {
  readonly name = 'ovn';
  readonly movableVifTypes = OVN_VIF_TYPES;
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  readonly chassis: ChassisRegistry;
  readonly agents: OvnAgents;
  readonly election: Election;
  readonly #options: OvnDriverOptions;
  readonly #applier: Applier;
  readonly #journal: Journal;
  readonly #resync: Resync;
  readonly #patrol: Patrol;
  readonly #pulse: Pulse;
  readonly #status: PortStatus;
  readonly #neighbours: Neighbours;
  readonly #placing: Placing;
  readonly #rescheduler: Rescheduler;
  readonly #stateListener: Disposable;
  readonly #closing = new AbortController();
  /** Keys of changes between precommit and postcommit. */
  readonly #keys = new WeakMap<Change, readonly OvnKey[]>();
  #resyncing: Promise<void> | undefined;
  #resyncAgain = false;

  constructor(options: OvnDriverOptions) {
    this.#options = options;
    const { database, settings, clock } = options;
    const logger = options.logger.child({ driver: this.name });
    const hear = (name: 'northbound' | 'southbound'): Hearing => ({
      onLog: (level, message, fields) => logger[level]({ database: name, ...fields }, message),
      onTransaction: (outcome, milliseconds) => options.onTransaction?.(name, outcome, milliseconds),
    });
    this.northbound = connectNorthbound(options.northbound, hear('northbound'));
    this.southbound = connectSouthbound(options.southbound, hear('southbound'));
    const { northbound, southbound } = this;
    const seen = { northbound, southbound, clock, agentDownTime: settings.agentDownTime };
    this.chassis = new ChassisRegistry(seen);
    this.agents = new OvnAgents({ ...seen, chassis: this.chassis });
    const loader = createSnapshotLoader((serialNumber) => this.chassis.hostOfCard(serialNumber));
    this.election = new Election({ northbound, southbound, database, logger });
    const { election } = this;
    this.#journal = new Journal({
      database,
      clock,
      logger,
      apply: (keys) => this.#applier.apply(keys),
      elected: () => election.elected,
    });
    this.#applier = new Applier({
      northbound,
      database,
      loader,
      settings,
      logger,
      onApplied: (numbers) => this.#journal.finished(numbers),
      onFailed: (key, error) => this.#journal.failed(key, error),
      shared: database.traits.concurrentWriters,
    });
    this.#resync = new Resync({ northbound, database, loader, settings, logger, applier: this.#applier });
    this.#pulse = new Pulse({
      election,
      northbound,
      logger,
      intervalMs: (settings.agentDownTime * 1000) / 2,
    });
    this.#patrol = new Patrol({
      election,
      northbound,
      resync: this.#resync,
      applier: this.#applier,
      logger,
      intervalMs: options.patrolIntervalMs ?? 0,
    });
    this.#neighbours = new Neighbours({ southbound, logger });
    this.#status = new PortStatus({
      election,
      northbound,
      southbound,
      database,
      logger,
      report: options.report,
      onReported: (ids) => this.#followStatus(ids),
    });
    this.#placing = {
      chassis: () => this.chassis.all(),
      scheduler: settings.l3Scheduler,
      random: Math.random,
    };
    this.#rescheduler = new Rescheduler({
      election,
      southbound,
      database,
      logger,
      placing: this.#placing,
      record: (tx, keys) => this.#journal.record(tx, keys),
      apply: (keys) => this.#applier.apply(keys),
    });
    this.#stateListener = northbound.onState((state) => {
      if (state === 'ready') this.#resyncSoon();
    });
  }

  get backlog(): number {
    return this.#applier.backlog;
  }

  get patrol(): PatrolFigures {
    return this.#patrol.figures;
  }

  async start(signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#closing.signal, AbortSignal.timeout(START_WAIT_MS)]);
    try {
      await Promise.all([this.northbound.ready(either), this.southbound.ready(either)]);
    } catch (error) {
      signal.throwIfAborted();
      this.#options.logger.warn({ err: error }, 'serving without OVN until its databases can be reached');
    }
    const schema = this.northbound.serverSchema;
    if (schema !== undefined) requireSchema(schema);
    this.election.start();
    this.#journal.start();
    this.#patrol.start();
    this.#pulse.start();
    this.#status.start();
    this.#resyncSoon();
  }

  async precommit(changes: readonly Change[], tx: Transaction): Promise<void> {
    await veto(changes, tx, this.#maxTunnelKey());
    let placed = await this.#place(changes, tx);
    const all: OvnKey[] = [];
    for (const change of changes) {
      const keys = [...placed, ...(await keysOfChanges([change], tx))];
      placed = [];
      this.#keys.set(change, keys);
      all.push(...keys);
    }
    await this.#journal.record(tx, all);
  }

  /** Give gateways and external ports their chassis; keys that differ by that beyond those of the changes. */
  async #place(changes: readonly Change[], tx: Transaction): Promise<readonly OvnKey[]> {
    const routers = routersToPlace(changes);
    if (routers.length > 0) await placeGateways(tx, routers, this.#placing);
    const networks = await networksToPlace(changes, tx);
    return networks.length === 0 ? [] : placeExternalPorts(tx, networks, this.#placing);
  }

  async postcommit(changes: readonly Change[]): Promise<void> {
    const keys = await this.#keysOf(changes);
    const waited = await this.#bounded(this.#applier.apply(keys));
    if (waited !== 'applied')
      this.#options.logger.warn(
        { outcome: waited, keys: keys.length },
        'OVN follows later; the journal has it',
      );
    this.#neighbours.forget(changes);
    this.#lookAtStatus(changes);
  }

  /** A change of the binding stores DOWN; a port that is up all the same is told of again. */
  #lookAtStatus(changes: readonly Change[]): void {
    const [stayed, moved]: [string[], string[]] = [[], []];
    for (const change of changes) {
      if (change.kind !== 'port' || change.action !== 'update' || change.current.status === 'ACTIVE')
        continue;
      const same = change.current['binding:host_id'] === change.original['binding:host_id'];
      (same ? stayed : moved).push(change.id);
    }
    if (stayed.length > 0) this.#status.look(stayed);
    if (moved.length > 0) this.#status.lookLater(moved);
  }

  /** Rows that tell of the status of ports. */
  async #followStatus(portIds: readonly string[]): Promise<void> {
    const { database, settings } = this.#options;
    const floating = settings.distributedFloatingIp
      ? await database.read((reader) => floatingIpsToPorts(reader, portIds))
      : [];
    await this.#applier.apply([...portIds.map((id): OvnKey => ({ kind: 'port', id })), ...floating]);
  }

  bind(request: BindingRequest): BindingResult | undefined {
    return bindPort(request, this.chassis, this.#options.settings.vhostSockDir);
  }

  resync(): Promise<ResyncReport> {
    return this.#resync.run();
  }

  drift(): Promise<readonly Drift[]> {
    return this.#resync.drift();
  }

  #maxTunnelKey(): number | undefined {
    const [global] = this.northbound.replica.NB_Global.rows();
    const text = global?.options.get('max_tunid');
    return text === undefined ? undefined : Number(text);
  }

  /** Keys as precommit found them; changes of several transactions may have been merged into new ones since. */
  async #keysOf(changes: readonly Change[]): Promise<readonly OvnKey[]> {
    const merged = changes.filter((change) => !this.#keys.has(change));
    const known = changes.flatMap((change) => this.#keys.get(change) ?? []);
    if (merged.length === 0) return known;
    const found = await this.#options.database.read(async (reader) => [
      ...(await keysOfChanges(merged, reader)),
      ...(await networksToPlace(merged, reader)).map(externalPortsKey),
    ]);
    return [...known, ...found];
  }

  async #bounded(applying: Promise<Outcome>): Promise<Outcome | 'waited long enough'> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<'waited long enough'>((resolve) => {
      timer = setTimeout(resolve, REQUEST_WAIT_MS, 'waited long enough');
    });
    try {
      return await Promise.race([applying, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** After every (re)connect OVN may be anything: compare all, now or when the comparison under way is done. */
  #resyncSoon(): void {
    if (this.#closing.signal.aborted || this.northbound.state !== 'ready') return;
    this.#resyncAgain = true;
    this.#resyncing ??= this.#resyncUntilDone();
  }

  async #resyncUntilDone(): Promise<void> {
    await Promise.resolve();
    while (this.#resyncAgain && !this.#closing.signal.aborted) {
      this.#resyncAgain = false;
      try {
        await this.#resync.run();
        await this.#applier.apply(await this.#journal.keys());
      } catch (error) {
        // The next connection brings the next comparison; leftovers are the journal's.
        this.#options.logger.warn({ err: error }, 'could not compare OVN with the database');
      }
    }
    this.#resyncing = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#stateListener[Symbol.dispose]();
    await this.election[Symbol.asyncDispose]();
    await this.#rescheduler[Symbol.asyncDispose]();
    this.chassis[Symbol.dispose]();
    await this.#pulse[Symbol.asyncDispose]();
    await this.#patrol[Symbol.asyncDispose]();
    await this.#neighbours[Symbol.asyncDispose]();
    await this.#status[Symbol.asyncDispose]();
    await this.#applier[Symbol.asyncDispose]();
    await this.#resyncing;
    await this.#journal[Symbol.asyncDispose]();
    await this.northbound[Symbol.asyncDispose]();
    await this.southbound[Symbol.asyncDispose]();
  }
}

/** Build the driver and begin to connect; `start` waits for the databases for a while and sets the workers going. */
export const createOvnMechanismDriver = (options: OvnDriverOptions): OvnMechanismDriver =>
  new OvnDriver(options);
