import type { FastifyInstance } from 'fastify';
import { openAuditTrail } from './app/audit-trail.ts';
import { createBehaviours } from './app/behaviours.ts';
import { figuresReader } from './app/figures.ts';
import { createIdentityDriver } from './app/identity.ts';
import { createMetrics, observeService } from './app/metrics.ts';
import { bindWhenHostsCome, createMl2 } from './app/ml2.ts';
import { partsOf } from './app/parts.ts';
import { loadPolicy } from './app/policy.ts';
import { serviceVersion } from './app/version.ts';
import type { Config } from './config/config.ts';
import { type Clock, systemClock } from './core/clock.ts';
import { createEventMap, type EventMap } from './core/events.ts';
import { type Ids, randomIds } from './core/ids.ts';
import { createLogger, type Logger } from './core/logger.ts';
import type { Database } from './db/database.ts';
import { openDatabase, type Patience, whenReachable } from './db/open.ts';
import type { OvnMechanismDriver } from './drivers/mech/ovn/driver.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import { gentleClose } from './http/close.ts';
import { createApiListener } from './http/listener.ts';
import type { Ml2Plugin } from './ml2/plugin.ts';
import type { PortEvents } from './ml2/port-events.ts';
import { createRetryBinding } from './ml2/retry-binding.ts';
import { createWriter, type Write } from './ml2/write.ts';
import type { Policy } from './policy/policy.ts';
import type { PortDependencies } from './resources/port/dependencies.ts';
import { createQuota } from './resources/quota.ts';
import { keepDefaultRanges } from './resources/segment-range/defaults.ts';

/** Parts that a caller may bring along; each has a default. */
export interface AppParts {
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logger?: Logger;
  /** Ends waiting for a database that cannot be reached. */
  readonly signal?: AbortSignal;
}

/** The whole service in one value. */
export interface App extends AsyncDisposable {
  /** Start the drivers and the listener. Resolves when requests are answered; the URL of the API. */
  listen(): Promise<string>;
  /** Say on the readiness page that the service stops, and go on serving until it is disposed. */
  leave(): void;
  /** The HTTP side, for requests that need no socket. */
  readonly http: FastifyInstance;
  readonly engine: Engine;
  readonly database: Database;
  readonly events: EventMap<PortEvents>;
  /** The OVN driver, when it is configured. */
  readonly ovn: OvnMechanismDriver | undefined;
}

type Timeline = NonNullable<PortDependencies['timeline']>;

interface EngineParts {
  readonly database: Database;
  readonly ids: Ids;
  readonly plugin: Ml2Plugin;
  readonly ovn: OvnMechanismDriver | undefined;
  readonly policy: Policy;
  readonly write: Write;
  readonly timeline: Timeline;
}

const engineOf = (config: Config, parts: EngineParts): Engine => {
  const { database, ids, plugin, ovn, policy, write, timeline } = parts;
  const quota = createQuota(config.quotas);
  const behaviours = createBehaviours({
    config,
    ids,
    plugin,
    write,
    quota,
    database,
    timeline,
    serviceProviders:
      ovn === undefined ? [] : [{ service_type: 'L3_ROUTER_NAT', name: 'ovn', default: true }],
    agents: ovn?.agents,
    availabilityZones: () => [
      ...new Set([...config.network.availabilityZones, ...(ovn?.agents.availabilityZones() ?? [])]),
    ],
  });
  return createEngine({
    behaviours,
    database,
    policy,
    write,
    quota,
    maxLimit: config.limits.paginationMaxLimit < 0 ? undefined : config.limits.paginationMaxLimit,
    bulk: config.limits.bulk,
  });
};

/**
 * Build the service from its configuration. Nothing runs in the background before `listen`. Disposing it stops the
 * listener first, then the drivers, then the database.
 *
 * @throws ConfigError for a configuration that cannot be, SchemaTooNew for a database of a newer version
 */
export const createApp = async (config: Config, parts: AppParts = {}): Promise<App> => {
  const { clock = systemClock, ids = randomIds } = parts;
  const logger = parts.logger ?? createLogger({ level: config.log.level });
  await using stack = new AsyncDisposableStack();

  const policy = await loadPolicy(config.policy);
  const trail = openAuditTrail(config, logger);
  if (trail !== undefined) stack.use(trail);
  const identity = stack.use(createIdentityDriver(config, logger, clock));
  const patience: Patience = {
    waiting: (error) => logger.warn({ err: error }, 'waiting for the database'),
    signal: parts.signal,
  };
  const database = stack.use(await openDatabase(config.database, clock, patience));
  const events = createEventMap<PortEvents>((name, error) =>
    logger.error({ event: name, err: error }, 'listener failed'),
  );

  const metrics = createMetrics();
  const { plugin, ovn, mechanismDrivers, timelines } = await createMl2(
    { config, database, clock, ids, logger, events, onTransaction: metrics.onTransaction },
    stack,
  );
  await whenReachable(database, () => keepDefaultRanges(database, plugin.segments.pools), patience);
  observeService(metrics, database, ovn);
  const presence = { leaving: false };
  const write = createWriter({ database, plugin });
  const timeline: Timeline = (portId) => timelines.of(portId);
  const engine = engineOf(config, { database, ids, plugin, ovn, policy, write, timeline });
  const http = createApiListener({
    engine,
    identity,
    logger,
    config: config.api,
    version: serviceVersion(),
    logRequests: config.log.requests,
    registry: metrics.registry,
    readFigures: figuresReader(metrics.registry),
    parts: partsOf(database, ovn, stack.use(new DisposableStack())),
    presence,
    audit: trail?.tell,
    portsMade(ids, arrived) {
      for (const id of ids) timelines.note(id, 'requested', arrived);
    },
  });
  if (ovn !== undefined)
    stack.use(bindWhenHostsCome(ovn, createRetryBinding({ database, plugin, write }), logger));
  stack.defer(gentleClose(http));

  const owned = stack.move();
  const stopping = new AbortController();
  return {
    http,
    engine,
    database,
    events,
    ovn,
    async listen() {
      for (const driver of mechanismDrivers) await driver.start?.(stopping.signal);
      return http.listen({ host: config.api.host, port: config.api.port });
    },
    leave() {
      presence.leaving = true;
    },
    async [Symbol.asyncDispose]() {
      presence.leaving = true;
      stopping.abort();
      await owned[Symbol.asyncDispose]();
    },
  };
};
