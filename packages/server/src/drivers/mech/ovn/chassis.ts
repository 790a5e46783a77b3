import type { Clock } from '../../../core/clock.ts';
import { AskedTimes } from './asked-times.ts';
import type { NorthboundClient, SouthboundClient } from './databases.ts';

/**
 * How far a controller, or a companion of it, has come with what northd handed out. `caught up`: all of it. `catching up`:
 * something is missing, but not for longer than a controller may be silent. `gone`: longer.
 */
export type ChassisState = 'caught up' | 'catching up' | 'gone';

/** What the Southbound database says of one host's controller. */
export interface ChassisView {
  /** Name in OVN, usually the host's system id. */
  readonly name: string;
  readonly hostname: string;
  /** Physical network → bridge. */
  readonly bridgeMappings: ReadonlyMap<string, string>;
  readonly cmsOptions: readonly string[];
  readonly datapathType: string;
  readonly ifaceTypes: readonly string[];
  readonly integrationBridge: string;
  readonly description: string;
  readonly state: ChassisState;
  /** Configurations that it has yet to carry out. */
  readonly lag: number;
  /** Whether it is not gone. */
  readonly alive: boolean;
  /** Last sign of life; undefined before the first. */
  readonly heartbeat: Date | undefined;
}

const listOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** `physnet:bridge,…` as a map; a part without a colon is no mapping. */
export function parseBridgeMappings(text: string | undefined): ReadonlyMap<string, string> {
  const mappings = new Map<string, string>();
  for (const part of listOf(text)) {
    const [physicalNetwork, bridge] = part.split(':');
    if (physicalNetwork && bridge) mappings.set(physicalNetwork, bridge);
  }
  return mappings;
}

/** Value of `key=value` among a chassis' management options. */
export const cmsOption = (options: readonly string[], key: string): string | undefined =>
  options.find((option) => option.startsWith(`${key}=`))?.slice(key.length + 1);

/** Availability zones that a chassis declares. */
export const zonesOf = (chassis: Pick<ChassisView, 'cmsOptions'>): readonly string[] =>
  (cmsOption(chassis.cmsOptions, 'availability-zones') ?? '').split(':').filter((zone) => zone !== '');

/** Whether a chassis declares that it carries gateways. */
export const isGatewayChassis = (chassis: Pick<ChassisView, 'cmsOptions'>): boolean =>
  chassis.cmsOptions.includes('enable-chassis-as-gw');

/** Whether a chassis declares that it answers for external ports. */
export const isExternalPortChassis = (chassis: Pick<ChassisView, 'cmsOptions'>): boolean =>
  chassis.cmsOptions.includes('enable-chassis-as-extport-host');

export interface ChassisOptions {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  readonly clock: Clock;
  /** Seconds without a sign of life after which a controller that lags counts as gone. */
  readonly agentDownTime: number;
}

const INTEGRATION_BRIDGE = 'br-int';

/** Chassis as rows say now. Their state follows from the configuration numbers that they have carried out, and when. */
export class ChassisRegistry implements Disposable {
  readonly #options: ChassisOptions;
  readonly #seen = new Map<string, Date>();
  /** When those were met that had given no sign of life until then: nothing tells since when they are silent. */
  readonly #met = new Map<string, Date>();
  readonly #asked = new AskedTimes();
  readonly #listeners = new DisposableStack();

  constructor(options: ChassisOptions) {
    this.#options = options;
    const southbound = options.southbound.onBatch((batch) => {
      for (const change of batch.changes) {
        if (change.table !== 'Chassis_Private') continue;
        const { name, nb_cfg_timestamp: written } = change.row;
        if (change.kind === 'delete') this.#forget(name);
        else if (change.columns.has('nb_cfg')) this.#note(name, batch.initial, written);
      }
    });
    const northbound = options.northbound.onBatch(() => {
      const [global] = options.northbound.replica.NB_Global.rows();
      if (global !== undefined) this.#asked.note(global.sb_cfg, options.clock.now());
    });
    this.#listeners.use(southbound);
    this.#listeners.use(northbound);
  }

  /** A sign of life: now, or what the controller wrote of it when it was there before we looked. */
  #note(name: string, initial: boolean, written: number): void {
    if (!initial) this.#seen.set(name, this.#options.clock.now());
    else if (written > 0) this.#seen.set(name, new Date(written));
    else if (!this.#met.has(name)) this.#met.set(name, this.#options.clock.now());
  }

  #forget(name: string): void {
    this.#seen.delete(name);
    this.#met.delete(name);
  }

  /**
   * State of somebody on a chassis who has carried out everything up to `done`, and the number of what is missing.
   *
   * @param seen its last sign of life, or else since when it is known
   */
  progress(done: number, seen: Date | undefined): { readonly state: ChassisState; readonly lag: number } {
    const lag = Math.max(0, this.#asked.latest - done);
    if (lag === 0) return { state: 'caught up', lag };
    const now = this.#options.clock.now().getTime();
    const silentSince = Math.max(this.#asked.sinceAfter(done)?.getTime() ?? 0, seen?.getTime() ?? 0);
    const silent = now - silentSince > this.#options.agentDownTime * 1000;
    return { state: silent ? 'gone' : 'catching up', lag };
  }

  /** Every chassis, in order of host name. */
  all(): readonly ChassisView[] {
    const views = [...this.#options.southbound.replica.Chassis.rows()].map((row) => this.#view(row.name));
    return views
      .filter((view) => view !== undefined)
      .sort((a, b) => (a.hostname < b.hostname ? -1 : a.hostname > b.hostname ? 1 : 0));
  }

  get(name: string): ChassisView | undefined {
    return this.#view(name);
  }

  byHost(hostname: string): readonly ChassisView[] {
    return this.#options.southbound.replica.Chassis.find('hostname', hostname)
      .map((row) => this.#view(row.name))
      .filter((view) => view !== undefined);
  }

  /** Host that has the network card with this serial number. */
  hostOfCard(serialNumber: string): string | undefined {
    for (const row of this.#options.southbound.replica.Chassis.rows())
      if (cmsOption(listOf(configuration(row).get('ovn-cms-options')), 'card-serial-number') === serialNumber)
        return row.hostname;
    return undefined;
  }

  #view(name: string): ChassisView | undefined {
    const { southbound } = this.#options;
    const row = southbound.replica.Chassis.find('name', name)[0];
    if (row === undefined) return undefined;
    const own = southbound.replica.Chassis_Private.find('name', name)[0];
    const config = configuration(row);
    const seen = this.#seen.get(name);
    const { state, lag } =
      own === undefined
        ? ({ state: 'gone', lag: 0 } as const)
        : this.progress(own.nb_cfg, seen ?? this.#met.get(name));
    return {
      name,
      hostname: row.hostname,
      bridgeMappings: parseBridgeMappings(config.get('ovn-bridge-mappings')),
      cmsOptions: listOf(config.get('ovn-cms-options')),
      datapathType: config.get('datapath-type') ?? '',
      ifaceTypes: listOf(config.get('iface-types')),
      integrationBridge: own?.external_ids.get('neutron:ovn-bridge') ?? INTEGRATION_BRIDGE,
      description: own?.external_ids.get('neutron:description') ?? '',
      state,
      lag,
      alive: state !== 'gone',
      heartbeat: seen,
    };
  }

  [Symbol.dispose](): void {
    this.#listeners.dispose();
  }
}

// Controllers before OVN 20.09 wrote to external_ids only, later ones to both.
const configuration = (row: {
  readonly other_config: ReadonlyMap<string, string>;
  readonly external_ids: ReadonlyMap<string, string>;
}): ReadonlyMap<string, string> => (row.other_config.size > 0 ? row.other_config : row.external_ids);
