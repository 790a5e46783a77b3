import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import {
  type ApiError,
  type ErrorKind,
  type Network,
  network as networkDefinition,
  type Port,
  parseCreate,
  parseUpdate,
  port as portDefinition,
  type Subnet,
  subnet as subnetDefinition,
} from '@ovenbird/api';
import { createEventMap } from '../core/events.ts';
import { randomIds } from '../core/ids.ts';
import { createLogger } from '../core/logger.ts';
import type { Database, Reader } from '../db/database.ts';
import { createPortSecurityExtensionDriver } from '../drivers/ext/port-security.ts';
import { createLocalTypeDriver } from '../drivers/type/local.ts';
import type { WriteStep } from '../engine/contract.ts';
import type { RequestContext } from '../identity/context.ts';
import { systemRandom } from '../ipam/random.ts';
import type { Change, MechanismDriver } from '../ml2/contract.ts';
import { createMetadataPorts } from '../ml2/metadata-port.ts';
import { createMl2Plugin } from '../ml2/plugin.ts';
import type { PortEvents } from '../ml2/port-events.ts';
import { createWriter, serviceContext } from '../ml2/write.ts';
import { createNetworkBehaviour } from '../resources/network/behaviour.ts';
import { loadNetworks } from '../resources/network/store.ts';
import { createPortBehaviour, type PortBehaviour } from '../resources/port/behaviour.ts';
import { portsById } from '../resources/port/store.ts';
import { ensureDefaultSecurityGroup } from '../resources/security-group/default-group.ts';
import { createSubnetBehaviour, type SubnetBehaviour } from '../resources/subnet/behaviour.ts';
import { subnetsOfNetwork } from '../resources/subnet/store.ts';
import type { TestDatabases } from './databases.ts';
import { noting } from './noting.ts';

/** A JSON body as a client sends it. */
export type Given = { readonly [attribute: string]: unknown };

/** Who asks. */
export interface Caller {
  readonly context: RequestContext;
  readonly isAdmin: boolean;
}

export const admin: Caller = { context: { ...serviceContext('test'), projectId: 'admin' }, isAdmin: true };

export const member = (projectId: string): Caller => ({
  context: { ...serviceContext('test'), projectId, roles: ['member'] },
  isAdmin: false,
});

const counted = (database: Database, kinds: string[]): Database => {
  return {
    traits: database.traits,
    read: (callback) => database.read(callback),
    readLatest: (callback) => database.readLatest(callback),
    transaction: (callback) =>
      database.transaction((tx) =>
        callback({
          query: noting(tx.query, ({ kind }) => void kinds.push(kind)),
          now: tx.now,
          onCommit: (announce) => tx.onCommit(announce),
        }),
      ),
    alone: (name, callback) => database.alone(name, callback),
    ping: () => database.ping(),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};

/** Binds everything that has a host, and keeps what it is told. */
const recordingDriver = (told: Change[]): MechanismDriver => ({
  name: 'recorder',
  precommit: (changes) => void told.push(...changes),
  bind: ({ segments, host }) =>
    segments[0] === undefined || host === 'nowhere'
      ? undefined
      : { outcome: 'bound', segmentId: segments[0].id, vifType: 'ovs', vifDetails: { connectivity: 'l2' } },
  [Symbol.asyncDispose]: () => Promise.resolve(),
});

const addGroup = async ({ query }: Reader, projectId: string, stateful: boolean): Promise<string> => {
  const id = randomUUID();
  const moment = '2026-01-01T00:00:00Z';
  await query
    .insertInto('security_groups')
    .values({
      id,
      project_id: projectId,
      name: 'group',
      description: '',
      stateful: stateful ? 1 : 0,
      created_at: moment,
      updated_at: moment,
      revision_number: 1,
    })
    .execute();
  return id;
};

interface ServiceOptions {
  /** Whether networks get a metadata port. */
  readonly metadata?: boolean;
}

const createBehaviours = (database: Database, told: Change[], options: ServiceOptions) => {
  const plugin = createMl2Plugin({
    config: { projectNetworkTypes: ['local'], externalNetworkType: undefined, globalPhysnetMtu: 1500 },
    typeDrivers: [createLocalTypeDriver()],
    extensionDrivers: [createPortSecurityExtensionDriver()],
    mechanismDrivers: [recordingDriver(told)],
    database,
    ids: randomIds,
    logger: createLogger({ level: 'silent' }),
    events: createEventMap<PortEvents>(() => {}),
    loadPorts: portsById,
  });
  const ports = createPortBehaviour({
    config: { baseMac: 'fa:16:3e:00:00:00', dnsDomain: 'openstacklocal' },
    ids: randomIds,
    random: systemRandom,
    extensions: plugin.extensions,
    binding: plugin.binding,
    defaultSecurityGroup: (step, projectId) => ensureDefaultSecurityGroup(step, randomIds, projectId),
  });
  const metadataPorts = options.metadata === true ? createMetadataPorts(ports, portsById) : undefined;
  const subnets = createSubnetBehaviour({
    config: { maxDnsNameservers: 5, maxSubnetHostRoutes: 20 },
    ids: randomIds,
    extensions: plugin.extensions,
    loadNetworks: (reader, ids) => loadNetworks(plugin.segments, reader, ids),
    metadataPorts,
  });
  const networks = createNetworkBehaviour({
    plugin,
    ids: randomIds,
    availabilityZones: () => Promise.resolve(new Set()),
    metadataPorts,
    loadSubnets: subnetsOfNetwork,
  });
  return { plugin, ports, subnets, networks };
};

const only = <T>(list: readonly T[]): T => {
  const [first] = list;
  assert.ok(first !== undefined);
  return first;
};

const owned = <B extends { readonly project_id: string | undefined }>(body: B, who: Caller): B => ({
  ...body,
  project_id: body.project_id ?? who.context.projectId,
});

type InStep = <T>(who: Caller, callback: (step: WriteStep) => Promise<T>) => Promise<T>;

const portOperations = (ports: PortBehaviour, inStep: InStep) => {
  const settled = async (who: Caller, unsettled: readonly Port[]): Promise<Port> =>
    only(await ports.settle((callback) => inStep(who, callback), unsettled));
  const createPorts = (given: readonly Given[], who: Caller = admin): Promise<readonly Port[]> => {
    const bodies = given.map((one) => owned(parseCreate(portDefinition, { port: one }).body, who));
    return inStep(who, (step) => ports.create(step, bodies));
  };
  return {
    createPorts,
    port: async (given: Given, who: Caller = admin): Promise<Port> =>
      settled(who, await createPorts([given], who)),
    async updatePort(current: Port, given: Given, who: Caller = admin): Promise<Port> {
      const { body } = parseUpdate(portDefinition, { port: given });
      return settled(who, [await inStep(who, (step) => ports.update(step, current, body))]);
    },
    deletePort: (current: Port, who: Caller = admin): Promise<void> =>
      inStep(who, (step) => ports.delete(step, current)),
  };
};

const subnetOperations = (subnets: SubnetBehaviour, inStep: InStep) => ({
  async subnet(given: Given, who: Caller = admin): Promise<Subnet> {
    const version = String(given.cidr).includes(':') ? 6 : 4;
    const body = { ip_version: version, ...given };
    const parsed = owned(parseCreate(subnetDefinition, { subnet: body }).body, who);
    return only(await inStep(who, (step) => subnets.create(step, [parsed])));
  },
  updateSubnet(current: Subnet, given: Given, who: Caller = admin): Promise<Subnet> {
    const { body } = parseUpdate(subnetDefinition, { subnet: given });
    return inStep(who, (step) => subnets.update(step, current, body));
  },
  deleteSubnet: (current: Subnet, who: Caller = admin): Promise<void> =>
    inStep(who, (step) => subnets.delete(step, current)),
});

/** Networks, subnets and ports over a real database, without API listener or OVN. */
export const createPortService = async (
  databases: Pick<TestDatabases, 'open'>,
  options: ServiceOptions = {},
) => {
  const statements: string[] = [];
  const told: Change[] = [];
  const real = await databases.open();
  const database = counted(real, statements);
  const { plugin, ports, subnets, networks } = createBehaviours(database, told, options);
  const write = createWriter({ database, plugin });
  const inStep: InStep = async (who, callback) => (await write(who.context, who.isAdmin, callback)).result;
  return {
    database: real,
    /** Kinds of the statements in transactions so far. */
    statements,
    /** What the driver was told so far. */
    told,
    write: inStep,
    ...portOperations(ports, inStep),
    ...subnetOperations(subnets, inStep),
    async network(given: Given = {}, who: Caller = admin): Promise<Network> {
      const body = owned(parseCreate(networkDefinition, { network: given }).body, who);
      return only(await inStep(who, async (step) => (await networks.create?.(step, [body])) ?? []));
    },
    async deleteNetwork(id: string): Promise<void> {
      const [current] = await real.read((reader) => loadNetworks(plugin.segments, reader, [id]));
      assert.ok(current);
      await inStep(admin, async (step) => networks.delete?.(step, current));
    },
    /** Ports as SQL has them. */
    stored: (ids: readonly string[]): Promise<readonly Port[]> =>
      real.read((reader) => portsById(reader, ids)),
    securityGroup: (projectId: string, stateful = true): Promise<string> =>
      real.transaction((tx) => addGroup(tx, projectId, stateful)),
  };
};

export type PortService = Awaited<ReturnType<typeof createPortService>>;

/** For `assert.rejects`: an ApiError of one kind. */
export const refusal =
  <P>(kind: ErrorKind<P>) =>
  (error: unknown): error is ApiError => {
    if (kind.is(error)) return true;
    throw error;
  };
