import type { Config } from '../config/config.ts';
import { ConfigError } from '../config/config.ts';
import type { Logger } from '../core/logger.ts';
import { createPortSecurityExtensionDriver } from '../drivers/ext/port-security.ts';
import { createLoggerMechanismDriver } from '../drivers/mech/logger/driver.ts';
import {
  createOvnMechanismDriver,
  type OvnDriverOptions,
  type OvnMechanismDriver,
} from '../drivers/mech/ovn/driver.ts';
import { ovnConnections, ovnSettings } from '../drivers/mech/ovn/from-config.ts';
import { createFlatTypeDriver } from '../drivers/type/flat.ts';
import { createGeneveTypeDriver } from '../drivers/type/geneve.ts';
import { createGreTypeDriver } from '../drivers/type/gre.ts';
import { createLocalTypeDriver } from '../drivers/type/local.ts';
import { createVlanTypeDriver } from '../drivers/type/vlan.ts';
import { createVxlanTypeDriver } from '../drivers/type/vxlan.ts';
import type { ExtensionDriver, MechanismDriver, TypeDriver } from '../ml2/contract.ts';

/** A source of numbers at least 0 and below 1. */
type Fraction = () => number;

const typeDriverMakers: { readonly [type: string]: (config: Config['ml2'], random: Fraction) => TypeDriver } =
  {
    local: createLocalTypeDriver,
    flat: createFlatTypeDriver,
    vlan: createVlanTypeDriver,
    vxlan: createVxlanTypeDriver,
    geneve: createGeneveTypeDriver,
    gre: createGreTypeDriver,
  };

const extensionDriverMakers: { readonly [name: string]: () => ExtensionDriver } = {
  port_security: createPortSecurityExtensionDriver,
};

/** What a mechanism driver may be made from. */
export interface MechanismDependencies {
  readonly config: Config;
  readonly logger: Logger;
}

type MechanismMaker = (dependencies: MechanismDependencies) => MechanismDriver | Promise<MechanismDriver>;

const found = <T>(kind: string, makers: { readonly [name: string]: T }, name: string): T => {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (maker === undefined) {
    throw new ConfigError(
      `there is no ${kind} driver '${name}'; there are ${Object.keys(makers).join(', ')}`,
    );
  }
  return maker;
};

/** The configured type drivers. Throws ConfigError for a name that is none. */
export const createTypeDrivers = (config: Config['ml2'], random: Fraction): readonly TypeDriver[] =>
  config.typeDrivers.map((type) => found('type', typeDriverMakers, type)(config, random));

/** The configured extension drivers, in order. Throws ConfigError for a name that is none. */
export const createExtensionDrivers = (config: Config['ml2']): readonly ExtensionDriver[] =>
  config.extensionDrivers.map((name) => found('extension', extensionDriverMakers, name)());

/** A driver from a package: its module exports `createMechanismDriver`. */
const fromPackage = async (name: string): Promise<MechanismMaker> => {
  let module: { readonly createMechanismDriver?: unknown };
  try {
    module = await import(name);
  } catch (error) {
    throw new ConfigError(`there is no mechanism driver or package '${name}'`, { cause: error });
  }
  const maker = module.createMechanismDriver;
  if (typeof maker !== 'function')
    throw new ConfigError(`package '${name}' does not export createMechanismDriver`);
  // The package promises the contract by exporting this name; TypeScript cannot see across a name from the config.
  return maker as MechanismMaker;
};

/**
 * The OVN driver, when it is configured; it begins to connect at once.
 */
export const createOvn = async (
  options: Pick<OvnDriverOptions, 'database' | 'clock' | 'logger' | 'report' | 'onTransaction'> & {
    readonly config: Config;
  },
): Promise<OvnMechanismDriver | undefined> => {
  const { config, ...parts } = options;
  if (!config.ml2.mechanismDrivers.includes('ovn')) return undefined;
  return createOvnMechanismDriver({
    ...parts,
    ...ovnConnections(config),
    settings: await ovnSettings(config),
    patrolIntervalMs: config.ovn.comparisonInterval * 1000,
  });
};

/**
 * The configured mechanism drivers, in order: those that are `made` already, the logging example, and packages.
 *
 * @throws ConfigError for a name that is none
 */
export const createMechanismDrivers = async (
  dependencies: MechanismDependencies,
  made: readonly MechanismDriver[],
): Promise<readonly MechanismDriver[]> => {
  const drivers: MechanismDriver[] = [];
  for (const name of dependencies.config.ml2.mechanismDrivers) {
    const known = made.find((driver) => driver.name === name);
    if (known !== undefined) drivers.push(known);
    else if (name === 'logger') drivers.push(createLoggerMechanismDriver(dependencies));
    else drivers.push(await (await fromPackage(name))(dependencies));
  }
  return drivers;
};
