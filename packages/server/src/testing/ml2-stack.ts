import {
  type CreateOf,
  type Network,
  network,
  parseCreate,
  parseUpdate,
  type ResourceDefinition,
  type UpdateOf,
} from '@ovenbird/api';
import { createEventMap } from '../core/events.ts';
import { randomIds } from '../core/ids.ts';
import { createLogger, type Logger } from '../core/logger.ts';
import type { Database } from '../db/database.ts';
import { createPortSecurityExtensionDriver } from '../drivers/ext/port-security.ts';
import { createFlatTypeDriver } from '../drivers/type/flat.ts';
import { createGeneveTypeDriver } from '../drivers/type/geneve.ts';
import { createGreTypeDriver } from '../drivers/type/gre.ts';
import { createLocalTypeDriver } from '../drivers/type/local.ts';
import { createVlanTypeDriver } from '../drivers/type/vlan.ts';
import { createVxlanTypeDriver } from '../drivers/type/vxlan.ts';
import type { StoredBehaviour, WriteStep } from '../engine/contract.ts';
import type { RequestContext } from '../identity/context.ts';
import type { MechanismDriver, TypeDriver } from '../ml2/contract.ts';
import { createMl2Plugin, type Ml2Config, type Ml2Plugin } from '../ml2/plugin.ts';
import type { PortEvents, PortStatusNews } from '../ml2/port-events.ts';
import { createWriter, type Write } from '../ml2/write.ts';
import { createNetworkBehaviour } from '../resources/network/behaviour.ts';
import { portsById } from '../resources/port/store.ts';
import { assembleSubnets } from '../resources/subnet/store.ts';

/** Ranges and MTUs of the test deployment. */
export interface Ml2StackOptions {
  readonly mechanismDrivers?: readonly MechanismDriver[];
  /** Instead of those of {@link testTypeDrivers}. */
  readonly typeDrivers?: readonly TypeDriver[];
  readonly config?: Partial<Ml2Config>;
  readonly networkVlanRanges?: readonly string[];
  readonly geneveVniRanges?: readonly string[];
  readonly flatNetworks?: readonly string[];
  readonly random?: () => number;
  readonly logger?: Logger;
}

export const testTypeDrivers = (options: Ml2StackOptions = {}): readonly TypeDriver[] => {
  const random = options.random ?? Math.random;
  const mtus = { globalPhysnetMtu: 1500, physicalNetworkMtus: { physnet2: 9000, physnet3: 1400 } };
  const overlay = { globalPhysnetMtu: 1500, pathMtu: 0, overlayIpVersion: 4 } as const;
  const networkVlanRanges = options.networkVlanRanges ?? ['physnet1:100:199', 'physnet2'];
  const geneveVniRanges = options.geneveVniRanges ?? ['1:1000'];
  return [
    createLocalTypeDriver(),
    createFlatTypeDriver({ ...mtus, flatNetworks: options.flatNetworks ?? ['*'] }),
    createVlanTypeDriver({ ...mtus, networkVlanRanges }, random),
    createVxlanTypeDriver({ ...overlay, vxlanVniRanges: ['1001:2000'] }, random),
    createGeneveTypeDriver({ ...overlay, geneveVniRanges, geneveMaxHeaderSize: 38 }, random),
    createGreTypeDriver({ ...overlay, tunnelIdRanges: ['1:100'] }, random),
  ];
};

export const userContext = (projectId: string): RequestContext => ({
  requestId: 'req-test',
  userId: 'user',
  userName: 'user',
  projectId,
  projectName: projectId,
  domainId: 'default',
  roles: ['member'],
  systemScope: false,
  serviceRoles: [],
});

/** A behaviour's write as the engine makes it: one transaction, the drivers' precommit, then their postcommit. */
export interface Ml2Stack {
  readonly plugin: Ml2Plugin;
  readonly write: Write;
  readonly networks: StoredBehaviour<typeof network>;
  /** News of `port.status` so far. */
  readonly news: readonly PortStatusNews[];
  run<T>(callback: (step: WriteStep) => Promise<T>, projectId?: string): Promise<T>;
  createNetwork(attributes: object, projectId?: string): Promise<Network>;
  updateNetwork(current: Network, attributes: object): Promise<Network>;
  deleteNetwork(current: Network): Promise<void>;
}

const must = <T>(method: T | undefined): T => {
  if (method === undefined) throw new Error('the behaviour lacks the method');
  return method;
};

/** Parse as the API does and set the project, as the engine does. */
export const createBody = <const D extends ResourceDefinition>(
  definition: D,
  projectId: string,
  attributes: object,
): CreateOf<D> =>
  parseCreate(definition, { [definition.name]: { project_id: projectId, ...attributes } }).body;

export const updateBody = <const D extends ResourceDefinition>(
  definition: D,
  attributes: object,
): UpdateOf<D> => parseUpdate(definition, { [definition.name]: attributes }).body;

const networksOf = (plugin: Ml2Plugin) =>
  createNetworkBehaviour({
    plugin,
    ids: randomIds,
    availabilityZones: () => Promise.resolve(new Set(['nova'])),
    loadSubnets: async (reader, networkId) => {
      const rows = await reader.query
        .selectFrom('subnets')
        .selectAll()
        .where('network_id', '=', networkId)
        .execute();
      return assembleSubnets(reader, rows, undefined);
    },
    metadataPorts: undefined,
  });

/** ML2 with real type and extension drivers and the behaviour of networks, on a real database. */
export const createMl2Stack = (database: Database, options: Ml2StackOptions = {}): Ml2Stack => {
  const news: PortStatusNews[] = [];
  const events = createEventMap<PortEvents>((_, error) => {
    throw error;
  });
  events.on('port.status', (one) => void news.push(one));
  const plugin = createMl2Plugin({
    config: {
      projectNetworkTypes: ['geneve'],
      externalNetworkType: undefined,
      globalPhysnetMtu: 1500,
      ...options.config,
    },
    typeDrivers: options.typeDrivers ?? testTypeDrivers(options),
    extensionDrivers: [createPortSecurityExtensionDriver()],
    mechanismDrivers: options.mechanismDrivers ?? [],
    database,
    ids: randomIds,
    logger: options.logger ?? createLogger({ level: 'silent' }),
    events,
    loadPorts: portsById,
  });
  const write = createWriter({ database, plugin });
  const networks = networksOf(plugin);
  const run: Ml2Stack['run'] = async (callback, projectId = 'p1') => {
    const { result, changes } = await write(userContext(projectId), true, callback);
    await changes.postcommit();
    return result;
  };
  return {
    plugin,
    write,
    networks,
    news,
    run,
    async createNetwork(attributes, projectId = 'p1') {
      const body = createBody(network, projectId, attributes);
      const [created] = await run((step) => must(networks.create)(step, [body]), projectId);
      return must(created);
    },
    updateNetwork: (current, attributes) =>
      run((step) => must(networks.update)(step, current, updateBody(network, attributes))),
    deleteNetwork: (current) => run((step) => must(networks.delete)(step, current)),
  };
};
