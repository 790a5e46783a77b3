import type { Config } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import type { EventMap } from '../core/events.ts';
import type { Ids } from '../core/ids.ts';
import type { Logger } from '../core/logger.ts';
import type { Database } from '../db/database.ts';
import type { OvnDriverOptions, OvnMechanismDriver } from '../drivers/mech/ovn/driver.ts';
import { watchArrivingHosts } from '../drivers/mech/ovn/events/arriving-hosts.ts';
import { watchPortStages } from '../drivers/mech/ovn/events/port-stages.ts';
import type { MechanismDriver } from '../ml2/contract.ts';
import { createMl2Plugin, type Ml2Plugin } from '../ml2/plugin.ts';
import type { PortEvents } from '../ml2/port-events.ts';
import type { RetryBinding } from '../ml2/retry-binding.ts';
import { createPortStatus } from '../ml2/status.ts';
import { portsById } from '../resources/port/store.ts';
import { PortTimelines } from '../workers/port-timelines.ts';
import { type HostNews, startRetryingBindings } from '../workers/retry-bindings.ts';
import { createExtensionDrivers, createMechanismDrivers, createOvn, createTypeDrivers } from './drivers.ts';
import { createNova } from './nova.ts';

export interface Ml2PartOptions {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly events: EventMap<PortEvents>;
  readonly onTransaction: NonNullable<OvnDriverOptions['onTransaction']>;
}

/** ML2 and its drivers. */
export interface Ml2Part {
  readonly plugin: Ml2Plugin;
  /** In configured order. */
  readonly mechanismDrivers: readonly MechanismDriver[];
  readonly ovn: OvnMechanismDriver | undefined;
  readonly timelines: PortTimelines;
}

/** ML2 with the configured drivers, which `stack` owns from then on. Throws ConfigError for a driver that is none. */
export const createMl2 = async (options: Ml2PartOptions, stack: AsyncDisposableStack): Promise<Ml2Part> => {
  const { config, database, clock, ids, logger, events } = options;
  const timelines = stack.use(new PortTimelines({ database, logger }));
  const nova = createNova(config, { ...options, plugged: (id) => timelines.note(id, 'notified') });
  if (nova !== undefined) {
    stack.use(nova);
    stack.use(events.on('port.status', () => nova.statusCommitted()));
  }
  const status = createPortStatus({
    database,
    events,
    ...(nova === undefined ? {} : { record: (tx, news) => nova.recordStatus(tx, news) }),
  });
  const ovn = await createOvn({
    config,
    database,
    clock,
    logger,
    report: (reports) => status.report(reports),
    onTransaction: options.onTransaction,
  });
  if (ovn !== undefined) stack.use(ovn);
  stack.use(watchTimelines(timelines, events, ovn));
  const configured = await createMechanismDrivers({ config, logger }, ovn === undefined ? [] : [ovn]);
  for (const driver of configured) if (driver !== ovn) stack.use(driver);
  const mechanismDrivers = [timelines.driver, ...configured, ...(nova === undefined ? [] : [nova])];
  const plugin = createMl2Plugin({
    config: config.ml2,
    typeDrivers: createTypeDrivers(config.ml2, Math.random),
    extensionDrivers: createExtensionDrivers(config.ml2),
    mechanismDrivers,
    database,
    ids,
    logger,
    events,
    loadPorts: portsById,
  });
  return { plugin, mechanismDrivers, ovn, timelines };
};

/** Note what OVN and ML2 tell of ports, until disposed. */
const watchTimelines = (
  timelines: PortTimelines,
  events: EventMap<PortEvents>,
  ovn: OvnMechanismDriver | undefined,
): Disposable => {
  const watching = new DisposableStack();
  if (ovn !== undefined) watching.use(watchPortStages(ovn, (portId, stage) => timelines.note(portId, stage)));
  watching.use(
    events.on('port.status', ({ portId, status }) => {
      if (status === 'ACTIVE') timelines.note(portId, 'active');
    }),
  );
  return watching;
};

/** Bind what failed on a host when its controller appears in the Southbound database. */
export const bindWhenHostsCome = (
  ovn: OvnMechanismDriver,
  retryBinding: RetryBinding,
  logger: Logger,
): AsyncDisposable => {
  const onHosts: HostNews['onHosts'] = (listener) => watchArrivingHosts(ovn, listener);
  return startRetryingBindings({ onHosts }, retryBinding, logger);
};
