import type {
  AddressGroup,
  FloatingIp,
  Log,
  Network,
  Port,
  PortForwarding,
  QosPolicy,
  Router,
  SecurityGroup,
  SecurityGroupRule,
  Subnet,
} from '@ovenbird/api';
import type { Reader, Transaction } from '../db/database.ts';

/** A segment as drivers see it. */
export interface NetworkSegment {
  readonly id: string;
  readonly networkId: string;
  readonly networkType: string;
  readonly physicalNetwork: string | null;
  readonly segmentationId: number | null;
}

interface Created<K extends string, R> {
  readonly kind: K;
  readonly action: 'create';
  readonly id: string;
  readonly current: R;
}
interface Updated<K extends string, R> {
  readonly kind: K;
  readonly action: 'update';
  readonly id: string;
  readonly current: R;
  readonly original: R;
}
interface Deleted<K extends string, R> {
  readonly kind: K;
  readonly action: 'delete';
  readonly id: string;
  readonly original: R;
}
type Of<K extends string, R> = Created<K, R> | Updated<K, R> | Deleted<K, R>;

/**
 * What one write did to one object: the whole resource before and after, as the API shows it to an administrator.
 * A group's rules travel as changes of their own; the change of a rule names its group in the rule. A router changes
 * when its ports come, go or get other addresses. A port forwarding names its floating IP, which changes with the first
 * and the last of them. A log that goes with its port names the groups that the port had.
 */
export type Change =
  | Of<'network', Network>
  | Of<'subnet', Subnet>
  | Of<'port', Port>
  | Of<'security_group', SecurityGroup>
  | Of<'security_group_rule', SecurityGroupRule>
  | Of<'address_group', AddressGroup>
  | Of<'qos_policy', QosPolicy>
  | (Of<'log', Log> & { readonly portGroups?: readonly string[] })
  | Of<'router', Router>
  | Of<'floatingip', FloatingIp>
  | Of<'port_forwarding', PortForwarding>;
export type ChangeKind = Change['kind'];

/** Asked of drivers in order until one binds: where and how a port attaches. */
export interface BindingRequest {
  readonly port: Port;
  readonly host: string;
  readonly vnicType: string;
  readonly profile: { readonly [key: string]: unknown };
  /** Segments that may be bound at this level. */
  readonly segments: readonly NetworkSegment[];
}

/** `bound`: this level ends the chain. `continue`: go on one level down with these segments (hierarchical binding). */
export type BindingResult =
  | {
      readonly outcome: 'bound';
      readonly segmentId: string;
      readonly vifType: string;
      readonly vifDetails: { readonly [key: string]: unknown };
    }
  | {
      readonly outcome: 'continue';
      readonly segmentId: string;
      readonly segments: readonly NetworkSegment[];
    };

/**
 * A mechanism driver: carries changes to what moves the packets.
 *
 * For each change `precommit` runs inside the transaction, in configured order: it may veto by throwing an ApiError and
 * must not block or touch anything outside `tx`. `postcommit` runs after the commit, in the same order (ports: deletes in
 * reverse); it may block; a failure is not the client's, it is logged and the journal makes good for it.
 */
export interface MechanismDriver extends AsyncDisposable {
  readonly name: string;
  /** `binding:vif_type`s of its making whose ports follow when the VLAN id of their network changes; default: none. */
  readonly movableVifTypes?: readonly string[];
  /** Resolves when the driver may serve; long work (resync) goes on behind it. */
  start?(signal: AbortSignal): Promise<void>;
  precommit?(changes: readonly Change[], tx: Transaction): Promise<void> | void;
  postcommit?(changes: readonly Change[]): Promise<void>;
  /** Try to bind; undefined: not this driver's. */
  bind?(request: BindingRequest): Promise<BindingResult | undefined> | BindingResult | undefined;
}

/** A segment that a network asks for; what is undefined is for the type driver to choose. */
export interface SegmentRequest {
  readonly physicalNetwork: string | undefined;
  readonly segmentationId: number | undefined;
  /** Who the network is for: ranges may be set aside for a project. */
  readonly projectId?: string | undefined;
}

/** Segmentation ids from `min` to `max`, both included. */
export interface IdRange {
  readonly min: number;
  readonly max: number;
}

/** The ids of a type of network. */
export interface SegmentPool {
  /** What the type allows. */
  readonly bounds: IdRange;
  /** What the configuration lets be chosen, by physical network; `''` stands for none. Disjoint, in order. */
  readonly configured: ReadonlyMap<string, readonly IdRange[]>;
}

/** A type driver: knows one network type, its values and its limits. */
export interface TypeDriver {
  readonly type: string;
  /** Whether its segments name a physical network. */
  readonly physical: boolean;
  /** The ids that its segments have; undefined: they have none to choose, so no range can be set aside. */
  readonly pool?: SegmentPool;
  /** Throws ApiError 400 when a fully or partly given segment cannot be. Touches nothing. */
  validate(request: SegmentRequest): void;
  /** Reserve the asked segment, or a free one; undefined when there is none left. Throws ApiError 409 when it is taken. */
  allocate(tx: Transaction, request: SegmentRequest): Promise<SegmentRequest | undefined>;
  release(tx: Transaction, segment: NetworkSegment): Promise<void>;
  /** Largest MTU of a network on this segment, octets; undefined: no say. */
  mtu(physicalNetwork: string | null): number | undefined;
}

/**
 * An extension driver: attributes that it brings to networks, subnets or ports beyond the core.
 * `precommit` may veto or complete, inside the transaction; it sees the parsed request.
 */
export interface ExtensionDriver {
  readonly name: string;
  /** Extension aliases that it serves. */
  readonly aliases: readonly string[];
  processPort?(step: ExtensionStep<Port>, tx: Transaction): Promise<void> | void;
  processNetwork?(step: ExtensionStep<Network>, tx: Transaction): Promise<void> | void;
  processSubnet?(step: ExtensionStep<Subnet>, tx: Transaction): Promise<void> | void;
}

/** One create or update as an extension driver sees it; `row` is what will be stored and may be completed. */
export interface ExtensionStep<R> {
  readonly action: 'create' | 'update';
  readonly original: R | undefined;
  /** Values that the request gave, or defaulted on create; keys are attribute names. */
  readonly requested: { readonly [attribute: string]: unknown };
  /** Values that will be stored; a driver may set its own attributes. */
  readonly values: { [attribute: string]: unknown };
  readonly reader: Reader;
  /** Of a port being created: what its network says, so that no driver reads it once per port. */
  readonly network?: Pick<Network, 'id' | 'port_security_enabled'>;
}

/**
 * News of a port from a driver: it is able, or unable, to carry traffic now. A level, not an edge: ML2 sets a port DOWN
 * when it unbinds it, so a driver that sees the port up nevertheless says so again after it carried that change out.
 */
export interface PortStatusReport {
  readonly portId: string;
  readonly up: boolean;
  /** Revision of the port that the driver made what it sees of; it raises no port that has changed since. undefined: the last. */
  readonly revision?: number;
  /** Host where the driver itself placed the port, or '' while it has no place. undefined: others say where it is. */
  readonly host?: string;
  /** The host that it moves to carries it as well: news, also where its status is what it was. */
  readonly arrived?: boolean;
}
