import { ServiceUnavailable } from '@ovenbird/api';
import { NotConnectedError, type Operation, UnknownOutcomeError } from '@ovenbird/ovsdb';
import type { Clock } from '../../../core/clock.ts';
import {
  type ChassisRegistry,
  type ChassisState,
  type ChassisView,
  isGatewayChassis,
  zonesOf,
} from './chassis.ts';
import type { NorthboundClient, SouthboundClient } from './databases.ts';
import { askForLife } from './pulse.ts';

/** A service on a host as the Southbound database knows it. */
export interface OvnAgent {
  readonly id: string;
  readonly agentType: string;
  readonly binary: string;
  readonly host: string;
  readonly alive: boolean;
  readonly heartbeat: Date | undefined;
  readonly description: string;
  readonly availabilityZones: readonly string[];
  readonly configurations: { readonly [key: string]: unknown };
}

interface Kind {
  readonly type: string;
  readonly binary: string;
  /** Key of Chassis_Private.external_ids that holds the agent's id; undefined: the chassis itself. */
  readonly idKey: string | undefined;
  /** Key that holds how far the agent has followed NB_Global.nb_cfg. */
  readonly progressKey: string | undefined;
  readonly descriptionKey: string;
}

const controller: Kind = {
  type: 'OVN Controller agent',
  binary: 'ovn-controller',
  idKey: undefined,
  progressKey: undefined,
  descriptionKey: 'neutron:description',
};
const GATEWAY_TYPE = 'OVN Controller Gateway agent';

const companions: readonly Kind[] = [
  {
    type: 'OVN Metadata agent',
    binary: 'neutron-ovn-metadata-agent',
    idKey: 'neutron:ovn-metadata-id',
    progressKey: 'neutron:ovn-metadata-sb-cfg',
    descriptionKey: 'neutron:description-metadata',
  },
  {
    type: 'OVN Neutron agent',
    binary: 'neutron-ovn-agent',
    idKey: 'neutron:ovn-neutron-agent-id',
    progressKey: 'neutron:ovn-neutron-agent-sb-cfg',
    descriptionKey: 'neutron:description-neutron-agent',
  },
];

export interface OvnAgentsOptions {
  readonly northbound: NorthboundClient;
  readonly southbound: SouthboundClient;
  readonly chassis: ChassisRegistry;
  readonly clock: Clock;
  /** Seconds. */
  readonly agentDownTime: number;
}

const isConnectionLoss = (error: unknown): boolean =>
  error instanceof NotConnectedError || error instanceof UnknownOutcomeError;

type Progress = { readonly state: ChassisState; readonly lag: number };

/** Where an agent's row is, for writing. */
interface Found {
  readonly chassis: ChassisView;
  readonly kind: Kind;
}

/** Agents of the agents API: one for each controller, and for each companion that has written itself down. */
export class OvnAgents {
  readonly #options: OvnAgentsOptions;
  #asked = Number.NEGATIVE_INFINITY;

  constructor(options: OvnAgentsOptions) {
    this.#options = options;
  }

  /** All agents as they are now. Asks controllers for a sign of life, at most twice an agent_down_time. */
  async list(): Promise<readonly OvnAgent[]> {
    await this.#askForLife();
    return this.#found().map((found) => this.#describe(found));
  }

  /** Zones that gateways declare, in order of name. */
  availabilityZones(): readonly string[] {
    const gateways = this.#options.chassis.all().filter(isGatewayChassis);
    return [...new Set(gateways.flatMap(zonesOf))].sort();
  }

  /** Set an agent's description. False when there is no such agent. Throws ServiceUnavailable without a connection. */
  async describe(id: string, description: string): Promise<boolean> {
    const found = this.#find(id);
    if (found === undefined) return false;
    const { southbound } = this.#options;
    const { descriptionKey } = found.kind;
    const where = [['name', '==', found.chassis.name]] as const;
    await this.#write([
      southbound.operations.mutate('Chassis_Private', where, [
        ['external_ids', 'delete', new Set([descriptionKey])],
        ['external_ids', 'insert', new Map([[descriptionKey, description]])],
      ]),
    ]);
    return true;
  }

  /**
   * Forget an agent: the whole chassis, or what a companion wrote down. False when there is no such agent.
   * Throws ServiceUnavailable without a connection.
   */
  async remove(id: string): Promise<boolean> {
    const found = this.#find(id);
    if (found === undefined) return false;
    const { southbound } = this.#options;
    const where = [['name', '==', found.chassis.name]] as const;
    const { idKey, progressKey, descriptionKey } = found.kind;
    if (idKey === undefined)
      await this.#write([
        southbound.operations.delete('Chassis_Private', where),
        southbound.operations.delete('Chassis', where),
      ]);
    else
      await this.#write([
        southbound.operations.mutate('Chassis_Private', where, [
          ['external_ids', 'delete', new Set([idKey, descriptionKey, ...(progressKey ? [progressKey] : [])])],
        ]),
      ]);
    return true;
  }

  async #askForLife(): Promise<void> {
    const { northbound, clock, agentDownTime } = this.#options;
    const now = clock.now().getTime();
    if (northbound.state !== 'ready' || now - this.#asked < (agentDownTime * 1000) / 2) return;
    this.#asked = now;
    try {
      await askForLife(northbound);
    } catch (error) {
      // Without an answer the last known signs of life stand; the next list asks again.
      if (!isConnectionLoss(error)) throw error;
      this.#asked = Number.NEGATIVE_INFINITY;
    }
  }

  async #write(operations: readonly Operation[]): Promise<void> {
    try {
      await this.#options.southbound.transact(operations);
    } catch (error) {
      throw isConnectionLoss(error) ? ServiceUnavailable(undefined, { cause: error }) : error;
    }
  }

  #private(chassis: ChassisView): ReadonlyMap<string, string> {
    const [row] = this.#options.southbound.replica.Chassis_Private.find('name', chassis.name);
    return row?.external_ids ?? new Map();
  }

  #found(): readonly Found[] {
    return this.#options.chassis.all().flatMap((chassis) => {
      const written = this.#private(chassis);
      const others = companions.filter(({ idKey }) => idKey !== undefined && written.has(idKey));
      return [controller, ...others].map((kind) => ({ chassis, kind }));
    });
  }

  #idOf({ chassis, kind }: Found): string {
    return kind.idKey === undefined ? chassis.name : (this.#private(chassis).get(kind.idKey) ?? '');
  }

  #find(id: string): Found | undefined {
    return this.#found().find((found) => this.#idOf(found) === id);
  }

  #describe(found: Found): OvnAgent {
    const { chassis, kind } = found;
    const written = this.#private(chassis);
    const { state, lag } = this.#progress(found, written);
    const mappings = [...chassis.bridgeMappings].map(([network, bridge]) => `${network}:${bridge}`).join(',');
    return {
      id: this.#idOf(found),
      agentType: kind === controller && isGatewayChassis(chassis) ? GATEWAY_TYPE : kind.type,
      binary: kind.binary,
      host: chassis.hostname,
      alive: state !== 'gone',
      heartbeat: chassis.heartbeat,
      description: written.get(kind.descriptionKey) ?? '',
      availabilityZones: zonesOf(chassis),
      configurations: { chassis_name: chassis.name, 'bridge-mappings': mappings, state, lag },
    };
  }

  /** A companion is gone with its controller, and may be gone without it. */
  #progress({ chassis, kind }: Found, written: ReadonlyMap<string, string>): Progress {
    if (kind.progressKey === undefined || chassis.state === 'gone') return chassis;
    return this.#options.chassis.progress(Number(written.get(kind.progressKey) ?? 0), undefined);
  }
}
