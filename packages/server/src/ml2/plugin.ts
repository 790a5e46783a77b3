import type { EventMap } from '../core/events.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Database, Transaction } from '../db/database.ts';
import { type Binding, createBinding } from './binding.ts';
import { createTransactionChanges, type PostcommitFailed, type TransactionChanges } from './changes.ts';
import type { ExtensionDriver, MechanismDriver, TypeDriver } from './contract.ts';
import { createExtensions, type Extensions } from './extensions.ts';
import { createMtu, type Mtu } from './mtu.ts';
import type { PortEvents } from './port-events.ts';
import type { PortLoader } from './port-loader.ts';
import { createSegments, type Segments } from './segments.ts';
import { createPortStatus, type PortStatus } from './status.ts';

/** What of the configuration ML2 itself reads; drivers read their own. */
export interface Ml2Config {
  /** Types for networks of projects, in order of preference; each needs its type driver. */
  readonly projectNetworkTypes: readonly string[];
  /** Type for external networks that do not say; undefined: as for projects. */
  readonly externalNetworkType: string | undefined;
  /** MTU of the underlying physical network, octets. */
  readonly globalPhysnetMtu: number;
}

export interface Ml2Options {
  readonly config: Ml2Config;
  readonly typeDrivers: readonly TypeDriver[];
  /** In configured order. */
  readonly extensionDrivers: readonly ExtensionDriver[];
  /** In configured order. */
  readonly mechanismDrivers: readonly MechanismDriver[];
  readonly database: Database;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly events: Pick<EventMap<PortEvents>, 'emit'>;
  readonly loadPorts: PortLoader;
}

/** The ML2 core: what resources ask of it. It sees drivers only through their contract. */
export interface Ml2Plugin {
  readonly segments: Segments;
  readonly mtu: Mtu;
  readonly extensions: Extensions;
  readonly binding: Binding;
  readonly status: PortStatus;
  readonly loadPorts: PortLoader;
  /** vif types of bound ports that a change of their network's VLAN id leaves working. */
  readonly movableVifTypes: ReadonlySet<string>;
  /** A recorder for one transaction; `createWriter` uses it. */
  changes(tx: Transaction): TransactionChanges;
}

/** The configuration names a driver that is not there, or one twice. */
export class DriverConfigError extends Error {
  override readonly name = 'DriverConfigError';
}

const byType = (drivers: readonly TypeDriver[]): ReadonlyMap<string, TypeDriver> => {
  const found = new Map<string, TypeDriver>();
  for (const driver of drivers) {
    if (found.has(driver.type))
      throw new DriverConfigError(`two type drivers for network type '${driver.type}'`);
    found.set(driver.type, driver);
  }
  return found;
};

const checkTypes = (config: Ml2Config, drivers: ReadonlyMap<string, TypeDriver>): void => {
  const wanted = [
    ...config.projectNetworkTypes,
    ...(config.externalNetworkType ? [config.externalNetworkType] : []),
  ];
  for (const type of wanted) {
    if (!drivers.has(type)) throw new DriverConfigError(`no type driver for network type '${type}'`);
  }
};

/** @throws DriverConfigError when the configured network types lack a driver */
export const createMl2Plugin = (options: Ml2Options): Ml2Plugin => {
  const { config, mechanismDrivers, database, logger, loadPorts } = options;
  const typeDrivers = byType(options.typeDrivers);
  checkTypes(config, typeDrivers);
  const postcommitFailed: PostcommitFailed = (driver, changes, error) =>
    logger.error(
      { driver, err: error, changes: changes.map(({ kind, action, id }) => ({ kind, action, id })) },
      'mechanism driver failed after the commit',
    );
  const segments = createSegments({
    typeDrivers,
    projectNetworkTypes: config.projectNetworkTypes,
    externalNetworkType: config.externalNetworkType || undefined,
    ids: options.ids,
  });
  return {
    segments,
    loadPorts,
    movableVifTypes: new Set(mechanismDrivers.flatMap((driver) => driver.movableVifTypes ?? [])),
    mtu: createMtu(typeDrivers, config.globalPhysnetMtu),
    extensions: createExtensions(options.extensionDrivers),
    status: createPortStatus({ database, events: options.events }),
    binding: createBinding({
      drivers: mechanismDrivers,
      database,
      segments,
      loadPorts,
      failed: (driver, portId, error) =>
        logger.error({ driver, portId, err: error }, 'mechanism driver failed to bind a port'),
    }),
    changes: (tx) => createTransactionChanges(mechanismDrivers, tx, postcommitFailed),
  };
};
