import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { destination } from 'pino';
import { type App, createApp } from '../app.ts';
import { type Config, loadConfig } from '../config/config.ts';
import { createLogger, type Logger } from '../core/logger.ts';
import { createLabIdentityService, type LabIdentityService } from '../identity/lab/service.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type Lab, type LabOptions, startLab } from './lab.ts';

export interface StackOptions extends LabOptions {
  readonly host?: string;
  /** Port of the API. Default 9696; 0: any free one. */
  readonly apiPort?: number;
  /** Port of the identity service. Default 5000; 0: any free one. */
  readonly identityPort?: number;
  /** Default: SQLite under the state directory. */
  readonly databaseUrl?: string;
  /** Default: to `log/ovenbird.log` under the state directory. */
  readonly logger?: Logger;
  /** Configuration beside or instead of the lab's own, by section. */
  readonly settings?: { readonly [section: string]: object };
}

/** One of the logins that the lab makes. */
export interface LabLogin {
  readonly user: string;
  readonly password: string;
  readonly project: string;
  readonly roles: readonly string[];
}

/** Everything at work on this machine: OVN, identity service and API. */
export interface Stack extends AsyncDisposable {
  readonly lab: Lab;
  readonly identity: LabIdentityService;
  readonly app: App;
  readonly config: Config;
  /** `http://127.0.0.1:9696` */
  readonly apiUrl: string;
  /** `http://127.0.0.1:5000/v3` */
  readonly identityUrl: string;
  /** Make a user (with its project) and log in as it. */
  login(login: LabLogin): Promise<ApiClient>;
  /** Log in as the administrator. */
  admin(): Promise<ApiClient>;
  readonly adminPassword: string;
}

/** Start identity service and API on a running lab. Disposing the result leaves the lab running. */
export async function startServices(lab: Lab, options: Omit<StackOptions, keyof LabOptions>): Promise<Stack> {
  const { host = '127.0.0.1', apiPort = 9696, identityPort = 5000 } = options;
  const logger = options.logger ?? fileLogger(path.join(lab.layout.log, 'ovenbird.log'));
  await using started = new AsyncDisposableStack();
  const store = path.join(lab.layout.data, 'identity.db');
  const adminPassword = secret(path.join(lab.layout.data, 'admin-password'));
  // The catalogue names the API's address, and the API names the identity service's: the API listens last.
  let networkUrl = `http://${host}:${apiPort}`;
  const identity = started.use(
    await createLabIdentityService({
      path: store,
      host,
      port: identityPort,
      get networkUrl() {
        return networkUrl;
      },
      adminPassword,
      logger,
    }),
  );
  await identity.listen();
  const url = options.databaseUrl ?? `sqlite:${path.join(lab.layout.data, 'ovenbird.db')}`;
  const own = labSettings(lab, {
    host,
    port: apiPort,
    database: url,
    identity: { path: store, url: identity.url },
  });
  const config = loadConfig({ file: merged(own, options.settings), environment: process.env });
  const app = started.use(await createApp(config, { logger }));
  networkUrl = await app.listen();
  const identityUrl = identity.url;
  const running = started.move();
  const client = (login: Omit<LabLogin, 'roles'>): Promise<ApiClient> =>
    createApiClient({ identityUrl, networkUrl, ...login });
  return {
    lab,
    identity,
    app,
    config,
    apiUrl: networkUrl,
    identityUrl,
    adminPassword,
    admin: () => client({ user: 'admin', password: adminPassword, project: 'admin' }),
    async login(login) {
      await identity.ensureUser({ name: login.user, ...login });
      return await client(login);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Start everything, for tests: a lab, the identity service and the API in this process. */
export async function startStack(options: StackOptions): Promise<Stack> {
  await using started = new AsyncDisposableStack();
  const lab = started.use(await startLab(options));
  const services = started.use(await startServices(lab, options));
  const running = started.move();
  return { ...services, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

export interface LabConfigOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly identity: { readonly path: string; readonly url: string };
}

/** What differs from the defaults in a lab, as a configuration file would hold it. */
export function labSettings(lab: Lab, options: LabConfigOptions): { readonly [section: string]: object } {
  return {
    api: { host: options.host, port: options.port },
    database: { url: options.database },
    identity: { driver: 'lab', ...options.identity },
    ovn: { nbConnection: [lab.central.northbound], sbConnection: [lab.central.southbound] },
    network: { dnsDomain: 'lab.example' },
    ml2: {
      typeDrivers: ['local', 'flat', 'vlan', 'vxlan', 'geneve', 'gre'],
      networkVlanRanges: ['public:100:199'],
    },
  };
}

type Sections = { readonly [section: string]: object };

const merged = (own: Sections, more: Sections = {}): Sections => ({
  ...own,
  ...Object.fromEntries(Object.entries(more).map(([name, values]) => [name, { ...own[name], ...values }])),
});

function fileLogger(file: string): Logger {
  return createLogger({ level: 'info', destination: destination({ dest: file, sync: true }) });
}

/** A random password kept in a file that only its owner may read; made on the first call. */
export function secret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const made = randomBytes(18).toString('base64url');
    writeFileSync(file, made, { mode: 0o600, flag: 'wx' });
    return made;
  }
}
