import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { createLabIdentityService, quietLogger } from '@ovenbird/server';
import { freePort } from '@ovenbird/server/testing';
import { serve } from './serve.ts';

const SERVICE_PASSWORD = 'service-password-7f1c';
const USER_PASSWORD = 'user-password-2b9d';
const DATABASE_PASSWORD = 'database-password-55e0';

let folder: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-secrets-'));
});
after(() => rm(folder, { recursive: true }));

/** Configuration files may hold secrets; nothing else that is written may. */
const configure = async (settings: object): Promise<string> => {
  const file = path.join(folder, `${Math.random()}.yaml`);
  await writeFile(file, JSON.stringify({ log: { level: 'trace' }, ...settings }), { mode: 0o600 });
  return file;
};

const identity = async () => {
  const service = await createLabIdentityService({
    path: path.join(folder, 'identity.db'),
    host: '127.0.0.1',
    port: 0,
    networkUrl: 'http://127.0.0.1:9696',
    logger: quietLogger(),
  });
  await service.listen();
  await service.ensureUser({
    name: 'neutron',
    password: SERVICE_PASSWORD,
    project: 'service',
    roles: ['admin'],
  });
  await service.ensureUser({ name: 'ann', password: USER_PASSWORD, project: 'red', roles: ['member'] });
  return service;
};

const login = async (url: string): Promise<string> => {
  const domain = { id: 'default' };
  const user = { name: 'ann', password: USER_PASSWORD, domain };
  const answer = await fetch(`${url}/auth/tokens`, {
    headers: { 'content-type': 'application/json' },
    method: 'POST',
    body: JSON.stringify({
      auth: {
        identity: { methods: ['password'], password: { user } },
        scope: { project: { name: 'red', domain } },
      },
    }),
  });
  await answer.arrayBuffer();
  return answer.headers.get('x-subject-token') ?? assert.fail('no token');
};

/** Everything that a run leaves in files, but the configuration and the store of identities (hashed passwords). */
const written = async (): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => name.startsWith('ovenbird.db'));
  return (await Promise.all(names.map((name) => readFile(path.join(folder, name), 'latin1')))).join('');
};

test('no token and no password is in a log, an answer, a figure, a file or the list of processes', async () => {
  await using identities = new AsyncDisposableStack();
  const keystone = identities.use(await identity());
  const port = await freePort();
  const trail = path.join(folder, 'audit.log');
  const file = await configure({
    api: { port },
    database: { url: `sqlite:${path.join(folder, 'ovenbird.db')}` },
    ml2: { mechanismDrivers: ['logger'] },
    audit: { log: trail },
    identity: { driver: 'keystone', url: keystone.url, userName: 'neutron', password: SERVICE_PASSWORD },
  });
  await using service = serve(file);
  await service.said(/"listening"/);
  const token = await login(keystone.url);
  const bad = 'gAAAAA-token-of-nobody-91ab';
  const answers: string[] = [];
  const ask = async (method: string, url: string, headers: object, body?: string): Promise<number> => {
    const answer = await fetch(`http://127.0.0.1:${port}${url}`, {
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });
    answers.push(JSON.stringify([...answer.headers]), await answer.text());
    return answer.status;
  };
  const good = { 'x-auth-token': token };
  assert.equal(await ask('POST', '/v2.0/networks', good, '{"network":{"name":"n"}}'), 201);
  assert.equal(await ask('GET', `/v2.0/networks?token=${token}`, good), 400);
  assert.equal(await ask('GET', '/v2.0/networks', { 'x-auth-token': bad }), 401);
  assert.equal(await ask('GET', '/v2.0/networks', { ...good, 'x-service-token': bad }), 401);
  assert.equal(await ask('POST', '/v2.0/networks', good, `{"network":{"name":"${token}`), 400);
  const fresh = await login(keystone.url);
  await identities.disposeAsync();
  assert.equal(await ask('GET', '/v2.0/networks', { 'x-auth-token': fresh }), 503);
  assert.equal(await ask('GET', '/metrics', {}), 200);
  const places = {
    log: service.output(),
    answers: answers.join('\n'),
    processes: service.commandLine(),
    files: await written(),
    'audit trail': await readFile(trail, 'utf8'),
  };
  assert.equal((await stat(trail)).mode & 0o077, 0, 'the trail is its owner’s alone');
  assert.ok(places.log.includes('/v2.0/networks'), 'requests are logged');
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 0, place);
    for (const secret of [SERVICE_PASSWORD, USER_PASSWORD, token, fresh, bad])
      assert.equal(text.includes(secret), false, `${place} holds ${secret}`);
  }
});

test('the password of a database is not told, whether the server is away or the URL cannot be', async () => {
  const file = await configure({ ml2: { mechanismDrivers: ['logger'] } });
  for (const [url, what] of [
    [`postgres://ovn:${DATABASE_PASSWORD}@127.0.0.1:1/neutron`, /waiting for the database/],
    [`mysql://ovn:${DATABASE_PASSWORD}@127.0.0.1/neutron`, /database\.url|database/],
    [`postgres://ovn:${DATABASE_PASSWORD}@[`, /database|URL/],
  ] as const) {
    await using service = serve(file, { environment: { OVENBIRD_DATABASE_URL: url } });
    await service.said(what);
    assert.equal(service.output().includes(DATABASE_PASSWORD), false, service.output());
  }
});
