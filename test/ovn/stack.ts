import { type App, createApp } from '../../packages/server/src/app.ts';
import { type Config, loadConfig } from '../../packages/server/src/config/config.ts';
import { systemClock } from '../../packages/server/src/core/clock.ts';
import { createLogger } from '../../packages/server/src/core/logger.ts';
import type { Database } from '../../packages/server/src/db/database.ts';
import { Applier } from '../../packages/server/src/drivers/mech/ovn/apply.ts';
import {
  connectNorthbound,
  type Northbound,
  type NorthboundClient,
} from '../../packages/server/src/drivers/mech/ovn/databases.ts';
import type { Drift } from '../../packages/server/src/drivers/mech/ovn/drift.ts';
import { createOvnMechanismDriver } from '../../packages/server/src/drivers/mech/ovn/driver.ts';
import { ovnSettings } from '../../packages/server/src/drivers/mech/ovn/from-config.ts';
import { Resync } from '../../packages/server/src/drivers/mech/ovn/resync.ts';
import { createSnapshotLoader } from '../../packages/server/src/drivers/mech/ovn/snapshot/load.ts';
import { type Content, contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import {
  type OvnServers,
  startOvnServers,
} from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';

/** An answer of the API; tests look into bodies of every shape. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

/** The whole service on real OVN databases, with a second pair of eyes on the Northbound one. */
export interface OvnStack extends AsyncDisposable {
  readonly app: App;
  readonly servers: OvnServers;
  /** What the configuration file of the service would hold. */
  readonly configuration: object;
  /** What the Northbound server holds now, through a connection of the test's own. */
  see(): Promise<Northbound>;
  /** That connection, for changes that somebody else makes. */
  readonly observer: NorthboundClient;
  ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: object): Promise<Answer>;
  /** POST that must succeed; gives the resource. */
  make(collection: string, body: object): Promise<Answer['body']>;
  /** What differs from SQL, as the observer sees it. */
  drift(): Promise<readonly Drift[]>;
  /** What a Northbound database holds that is filled from SQL alone, without any history. */
  fresh(): Promise<Content>;
}

const quiet = createLogger({ level: process.env.TEST_LOG === undefined ? 'silent' : 'info' });

const settingsOf = (databaseUrl: string, servers: OvnServers, settings: object, sections: object) => ({
  api: { port: 0 },
  database: { url: databaseUrl },
  identity: { driver: 'none' },
  ovn: {
    nbConnection: [servers.northbound.endpoint],
    sbConnection: [servers.southbound.endpoint],
    dnsServers: ['192.0.2.53'],
    ...settings,
  },
  ml2: { networkVlanRanges: ['physnet1:100:199'] },
  network: { dnsDomain: 'example.org' },
  quotas: {
    default: -1,
    limits: { network: -1, subnet: -1, port: -1, security_group: -1, security_group_rule: -1 },
  },
  ...sections,
});

async function freshContent(config: Config, database: Database): Promise<Content> {
  await using servers = await startOvnServers();
  await using driver = createOvnMechanismDriver({
    northbound: { endpoints: [servers.northbound.endpoint] },
    southbound: { endpoints: [servers.southbound.endpoint] },
    settings: await ovnSettings(config),
    database,
    clock: systemClock,
    logger: quiet,
    report: async () => {},
  });
  await driver.northbound.ready();
  await driver.resync();
  return contentOf(driver.northbound.replica);
}

/**
 * In: an empty SQL database, settings of the section `ovn`, and other sections. Out: the service, serving; disposing
 * stops everything.
 */
export async function startOvnStack(
  databaseUrl: string,
  settings: object = {},
  sections: object = {},
): Promise<OvnStack> {
  await using stack = new AsyncDisposableStack();
  const servers = stack.use(await startOvnServers());
  const configuration = settingsOf(databaseUrl, servers, settings, sections);
  const config = loadConfig({ file: configuration });
  const app = stack.use(await createApp(config, { logger: quiet }));
  await app.listen();
  const observer = stack.use(connectNorthbound({ endpoints: [servers.northbound.endpoint] }));
  await observer.ready();
  const loader = createSnapshotLoader(() => undefined);
  const common = {
    northbound: observer,
    database: app.database,
    loader,
    settings: await ovnSettings(config),
    logger: quiet,
  };
  const applier = stack.use(
    new Applier({ ...common, onApplied: () => {}, onFailed: () => {}, shared: true }),
  );
  const resync = new Resync({ ...common, applier });
  const ask: OvnStack['ask'] = async (method, path, body) => {
    const response = await app.http.inject({
      method,
      url: `/v2.0/${path}`,
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
  };
  // The server sends a client all earlier changes before it answers that client's transaction.
  const see = async () => {
    await observer.ready();
    await observer.transact([observer.operations.comment('look')]);
    return observer.replica;
  };
  const owned = stack.move();
  return {
    app,
    configuration,
    servers,
    observer,
    see,
    ask,
    async make(collection, body) {
      const [singular] = Object.keys(body);
      const answer = await ask('POST', collection, body);
      if (answer.status !== 201)
        throw new Error(`${collection}: ${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body[singular ?? ''];
    },
    async drift() {
      await see();
      return resync.drift();
    },
    fresh: () => freshContent(config, app.database),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
