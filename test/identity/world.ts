import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '@ovenbird/server/testing';
import { fillKeystone } from '../../conformance/cloud.ts';
import { type Keystone, startKeystone } from '../../conformance/keystone.ts';
import { createRest, login, type Rest } from '../../conformance/rest.ts';
import { type App, createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { systemClock } from '../../packages/server/src/core/clock.ts';
import { createLogger } from '../../packages/server/src/core/logger.ts';
import {
  createKeystoneIdentityDriver,
  type KeystoneDriverOptions,
} from '../../packages/server/src/identity/keystone/driver.ts';
import { ProcessRecords } from '../../packages/server/src/lab/process-record.ts';

export const password = 'a-password-of-all';
const host = '127.0.0.1';

/** What Keystone answers to a login. */
export interface Session {
  readonly token: string;
  readonly userId: string;
  /** Empty unless the token is a project's. */
  readonly projectId: string;
}

/** A real Keystone with the users admin, demo (project demo) and neutron (project service), and Ovenbird behind it. */
export interface World extends AsyncDisposable {
  readonly identityUrl: string;
  readonly networkUrl: string;
  readonly folder: string;
  /** Keystone as its administrator. */
  readonly admin: Rest;
  /** What the service logged. */
  readonly log: readonly string[];
  /** @param scope as in a request to Keystone; undefined: the user's default */
  login(identity: object, scope?: object): Promise<Session>;
  /** An identity driver beside that of the service. */
  driver(options?: Partial<KeystoneDriverOptions>): ReturnType<typeof createKeystoneIdentityDriver>;
  /** Ask Ovenbird. */
  ask(headers: { readonly [name: string]: string }, method?: string, body?: object): Promise<Response>;
  stopKeystone(): Promise<void>;
  startKeystone(): Promise<void>;
}

const domain = { id: 'default' };

export const byPassword = (name: string) => ({
  methods: ['password'],
  password: { user: { name, password, domain } },
});
export const onProject = (name: string) => ({ project: { name, domain } });

const enter = async (identityUrl: string, identity: object, scope?: object): Promise<Session> => {
  const answer = await fetch(`${identityUrl}/auth/tokens?nocatalog`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity, ...(scope === undefined ? {} : { scope }) } }),
  });
  const text = await answer.text();
  const token = answer.headers.get('x-subject-token');
  if (token === null) throw new Error(`Keystone answered ${answer.status}: ${text}`);
  const known = JSON.parse(text).token;
  return { token, userId: known.user.id, projectId: known.project?.id ?? '' };
};

const startService = async (
  identityUrl: string,
  folder: string,
  port: number,
  log: string[],
): Promise<App> => {
  const config = loadConfig({
    file: {
      api: { host, port },
      ml2: { mechanismDrivers: ['logger'] },
      database: { url: `sqlite:${path.join(folder, 'ovenbird.db')}` },
      identity: { driver: 'keystone', url: identityUrl, password, tokenCacheTime: 3600 },
    },
  });
  const destination = { write: (line: string) => void log.push(line) };
  const app = await createApp(config, { logger: createLogger({ level: 'info', destination }) });
  await app.listen();
  return app;
};

/** Start all of it on loopback with a folder of its own. */
export const openWorld = async (): Promise<World> => {
  await using started = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-keystone-'));
  started.defer(() => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  const records = new ProcessRecords(path.join(folder, 'processes'));
  const keystoneOptions = { folder: path.join(folder, 'keystone'), host, port, password, logFolder: folder };
  let keystone: Keystone | undefined = await startKeystone({ ...keystoneOptions, records });
  started.defer(() => keystone?.[Symbol.asyncDispose]());
  const identityUrl = keystone.url;
  const apiPort = await freePort();
  const networkUrl = `http://${host}:${apiPort}`;
  await fillKeystone({ identityUrl, networkUrl, password });
  const token = await login({ identityUrl, user: 'admin', password, project: 'admin' });
  const log: string[] = [];
  started.use(await startService(identityUrl, folder, apiPort, log));
  const running = started.move();
  return {
    identityUrl,
    networkUrl,
    folder,
    admin: createRest(identityUrl, token),
    log,
    login: (identity, scope) => enter(identityUrl, identity, scope),
    driver: (options) =>
      createKeystoneIdentityDriver({
        url: identityUrl,
        userName: 'neutron',
        password,
        projectName: 'service',
        userDomainName: 'Default',
        projectDomainName: 'Default',
        tokenCacheTime: 3600,
        serviceTokenRoles: ['service'],
        clock: systemClock,
        logger: createLogger({ level: 'silent' }),
        ...options,
      }),
    ask: (headers, method = 'GET', body = undefined) =>
      fetch(`${networkUrl}/v2.0/networks`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async stopKeystone() {
      await keystone?.[Symbol.asyncDispose]();
      keystone = undefined;
    },
    async startKeystone() {
      keystone = await startKeystone({ ...keystoneOptions, records, again: true });
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
