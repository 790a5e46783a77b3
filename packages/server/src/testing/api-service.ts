import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import { loadConfig } from '../config/config.ts';
import { createLogger } from '../core/logger.ts';
import { createLabIdentityService, type LabIdentityService } from '../identity/lab/service.ts';

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  /** Parsed JSON; undefined when there is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

/** Somebody with a token. */
export interface Persona {
  readonly projectId: string;
  readonly token: string;
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: { readonly [name: string]: string },
  ): Promise<ApiAnswer>;
}

export interface ApiService extends AsyncDisposable {
  readonly app: App;
  readonly identity: LabIdentityService;
  /** Make a user with roles on a project, which are made when there are none of these names, and log it in. */
  persona(name: string, project: string, roles: readonly string[]): Promise<Persona>;
  /** Ask without a token. */
  ask: Persona['ask'];
  /** Lines that were logged. */
  readonly log: readonly string[];
}

export interface ApiServiceOptions {
  readonly databaseUrl: string;
  /** Settings beyond those of a service without OVN. */
  readonly settings?: { readonly [section: string]: { readonly [name: string]: unknown } };
}

type Headers = { readonly [name: string]: string };

const asker =
  (app: App, fixed: Headers): Persona['ask'] =>
  async (method, path, body, headers = {}) => {
    const response = await app.http.inject({
      method: method as 'GET',
      url: path.startsWith('/') ? path : `/v2.0/${path}`,
      headers: { ...fixed, ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const text = response.body;
    const json = text.startsWith('{') || text.startsWith('[');
    return {
      status: response.statusCode,
      headers: Object.fromEntries(
        Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
      ),
      body: json ? JSON.parse(text) : text === '' ? undefined : text,
    };
  };

const login = async (url: string, name: string, password: string, project: string): Promise<string> => {
  const domain = { id: 'default' };
  const response = await fetch(`${url}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user: { name, password, domain } } },
        scope: { project: { name: project, domain } },
      },
    }),
  });
  const token = response.headers.get('x-subject-token');
  if (token === null) throw new Error(`login of ${name} failed: ${await response.text()}`);
  return token;
};

/** Roles that the lab comes without, made by its administrator. */
const makeRoles = async (
  { url, adminPassword }: LabIdentityService,
  roles: Iterable<string>,
): Promise<void> => {
  let token: string | undefined;
  for (const name of roles) {
    token ??= await login(url, 'admin', adminPassword ?? '', 'admin');
    const response = await fetch(`${url}/roles`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-auth-token': token },
      body: JSON.stringify({ role: { name } }),
    });
    if (!response.ok) throw new Error(`role ${name} was not made: ${await response.text()}`);
  }
};

/** The real service behind the lab identity service, without OVN: requests go in by `inject`. */
export const startApiService = async (options: ApiServiceOptions): Promise<ApiService> => {
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-api-'));
  started.defer(() => rm(directory, { recursive: true }));
  const path = join(directory, 'identity.db');
  const log: string[] = [];
  const logger = createLogger({
    level: 'info',
    destination: { write: (line: string) => void log.push(line) },
  });
  const identity = started.use(
    await createLabIdentityService({
      path,
      host: '127.0.0.1',
      port: 0,
      networkUrl: 'http://127.0.0.1:9696',
      logger,
    }),
  );
  await identity.listen();
  const { settings = {} } = options;
  const config = loadConfig({
    file: {
      ...settings,
      api: { port: 0, ...settings.api },
      ml2: { mechanismDrivers: ['logger'], networkVlanRanges: ['physnet:100:199'], ...settings.ml2 },
      database: { url: options.databaseUrl },
      identity: { driver: 'lab', path, url: identity.url },
    },
  });
  const app = started.use(await createApp(config, { logger }));
  const known = new Set(['admin', 'manager', 'member', 'reader', 'service']);
  const running = started.move();
  return {
    app,
    identity,
    log,
    ask: asker(app, {}),
    async persona(name, project, roles) {
      const password = `password of ${name}`;
      const fresh = new Set(roles).difference(known);
      await makeRoles(identity, fresh);
      for (const role of fresh) known.add(role);
      await identity.ensureUser({ name, password, project, roles });
      const token = await login(identity.url, name, password, project);
      return {
        projectId: identity.ensureProject(project),
        token,
        ask: asker(app, { 'x-auth-token': token }),
      };
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
