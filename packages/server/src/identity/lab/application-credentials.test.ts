import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Clock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import type { IdentityDriver } from '../driver.ts';
import { type Answer, identityClient, project, tokenOf } from './client.fixture.ts';
import { createLabIdentityDriver } from './driver.ts';
import { createLabIdentityService, type LabIdentityService } from './service.ts';

let folder: string;
let service: LabIdentityService;
let driver: IdentityDriver;
let now = Date.parse('2026-11-21T03:00:00Z');
const clock: Clock = { now: () => new Date(now) };
const { ask, login } = identityClient(() => service.url);
const lines: string[] = [];

/** Who a test works as: token, id, and where its credentials are. */
interface Person {
  readonly token: string;
  readonly id: string;
  readonly path: string;
}
let ann: Person;
let bob: Person;
let admin: Person;

const person = async (name: string, password: string, where: string): Promise<Person> => {
  const answer = await login(name, password, project(where));
  const id: string = answer.body.token.user.id;
  return { token: tokenOf(answer), id, path: `/users/${id}/application_credentials` };
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-credentials-'));
  const path = join(folder, 'identity.sqlite');
  const destination = { write: (line: string) => void lines.push(line) };
  service = await createLabIdentityService({
    path,
    host: '127.0.0.1',
    port: 0,
    networkUrl: 'http://127.0.0.1:9696',
    adminPassword: 'top-secret-admin',
    logger: createLogger({ level: 'trace', destination }),
    clock,
  });
  await service.listen();
  await service.ensureUser({ name: 'ann', password: 'anns-password', project: 'red', roles: ['manager'] });
  await service.ensureUser({ name: 'bob', password: 'bobs-password', project: 'red', roles: ['member'] });
  driver = createLabIdentityDriver({ path, publicUrl: service.url, serviceTokenRoles: ['service'], clock });
  ann = await person('ann', 'anns-password', 'red');
  bob = await person('bob', 'bobs-password', 'red');
  admin = await person('admin', 'top-secret-admin', 'admin');
});

after(async () => {
  await driver[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const make = (who: Person, credential: object): Promise<Answer> =>
  ask('POST', who.path, who.token, { application_credential: credential });

const enter = (credential: object, scope?: object): Promise<Answer> =>
  ask('POST', '/auth/tokens', undefined, {
    auth: {
      identity: { methods: ['application_credential'], application_credential: credential },
      ...(scope === undefined ? {} : { scope }),
    },
  });

const contextOf = (token: string) => driver.authenticate({ token, serviceToken: undefined }, 'req-1');
const isRefused = (token: string): Promise<void> =>
  assert.rejects(contextOf(token), (error) => error instanceof ApiError && error.status === 401);

test('it lets in by id, or by name and user, with its own roles only', async () => {
  const made = await make(ann, { name: 'robot', description: 'd', roles: [{ name: 'reader' }] });
  assert.equal(made.status, 201);
  const { id, secret, roles, project_id, unrestricted, expires_at } = made.body.application_credential;
  assert.equal(roles[0].name, 'reader');
  assert.match(secret, /^[0-9a-f]{64}$/);
  assert.deepEqual([unrestricted, expires_at], [false, null]);
  const answer = await enter({ id, secret });
  assert.equal(answer.status, 201);
  const { token } = answer.body;
  assert.deepEqual(token.methods, ['application_credential']);
  assert.deepEqual(token.application_credential, { id, name: 'robot', restricted: true });
  assert.equal(token.project.id, project_id);
  assert.ok(token.catalog.length > 0);
  const context = await contextOf(tokenOf(answer));
  assert.deepEqual([context.userName, context.roles], ['ann', ['reader']]);
  const byName = await enter({ name: 'robot', secret, user: { name: 'ann', domain: { id: 'default' } } });
  assert.equal(byName.status, 201);
  assert.equal((await enter({ name: 'robot', secret, user: { id: ann.id } })).status, 201);
  assert.equal((await enter({ name: 'robot', secret, user: { id: bob.id } })).status, 401);
  const again = await ask('POST', '/auth/tokens', undefined, {
    auth: { identity: { methods: ['token'], token: { id: tokenOf(answer) } } },
  });
  assert.deepEqual((await contextOf(tokenOf(again))).roles, ['reader']);
});

test('without roles it has all that its maker has there, and a secret of its own choice', async () => {
  const made = await make(ann, { name: 'all', secret: 'a chosen secret', expires_at: '2026-11-21T03:30:00' });
  assert.equal(made.body.application_credential.secret, 'a chosen secret');
  const { id, expires_at } = made.body.application_credential;
  assert.equal(expires_at, '2026-11-21T03:30:00.000000');
  const answer = await enter({ id, secret: 'a chosen secret' });
  assert.deepEqual((await contextOf(tokenOf(answer))).roles, ['manager', 'member', 'reader']);
  assert.equal(answer.body.token.expires_at, '2026-11-21T03:30:00.000000Z');
  now += 31 * 60_000;
  assert.equal((await enter({ id, secret: 'a chosen secret' })).status, 401);
  await isRefused(tokenOf(answer));
  assert.equal((await ask('DELETE', `${ann.path}/${id}`, ann.token)).status, 204);
});

test('a wrong secret, an unknown one, a scope, another project: 401; guesses are limited', async () => {
  const made = await make(ann, { name: 'narrow', roles: [{ name: 'reader' }] });
  const { id, secret } = made.body.application_credential;
  await service.ensureUser({ name: 'ann', password: 'anns-password', project: 'blue', roles: ['member'] });
  assert.equal((await enter({ id, secret }, project('red'))).status, 401);
  const token = tokenOf(await enter({ id, secret }));
  for (const scope of [project('blue'), 'unscoped', { system: { all: true } }]) {
    const auth = { identity: { methods: ['token'], token: { id: token } }, scope };
    assert.equal((await ask('POST', '/auth/tokens', undefined, { auth })).status, 401);
  }
  assert.equal((await enter({ id: 'nothing', secret })).status, 401);
  for (let turn = 0; turn < 10; turn += 1) assert.equal((await enter({ id, secret: 'guess' })).status, 401);
  assert.equal((await enter({ id, secret })).status, 429);
  now += 10_000;
  assert.equal((await enter({ id, secret })).status, 201);
});

test('it ends with its maker, its maker’s roles, its project, or itself', async () => {
  const { body } = await ask('GET', '/roles?name=member', admin.token);
  const grant = async (method: string, where: string, user: string): Promise<void> => {
    const path = `/projects/${where}/users/${user}/roles/${body.roles[0].id}`;
    assert.equal((await ask(method, path, admin.token)).status, 204);
  };
  const user = await ask('POST', '/users', admin.token, { user: { name: 'cat', password: 'cats-password' } });
  const where = service.ensureProject('green');
  await grant('PUT', where, user.body.user.id);
  const cat = await person('cat', 'cats-password', 'green');
  const own = async (name: string) => (await make(cat, { name })).body.application_credential;
  const first = await own('first');
  const token = tokenOf(await enter(first));
  await contextOf(token);
  await grant('DELETE', where, cat.id);
  await isRefused(token);
  assert.equal((await enter(first)).status, 401);
  await grant('PUT', where, cat.id);
  await contextOf(token);
  assert.equal((await ask('DELETE', `${cat.path}/${first.id}`, admin.token)).status, 204);
  await isRefused(token);
  const second = await own('second');
  assert.equal((await enter(second)).status, 201);
  assert.equal((await ask('DELETE', `/projects/${where}`, admin.token)).status, 204);
  assert.equal((await enter(second)).status, 401);
  assert.equal((await ask('DELETE', `/users/${cat.id}`, admin.token)).status, 204);
});

test('its owner and administrators see it, without the secret; others do not', async () => {
  const made = await make(bob, { name: 'seen', unrestricted: true });
  const { id, secret } = made.body.application_credential;
  const listed = await ask('GET', `${bob.path}?name=seen`, bob.token);
  assert.equal(listed.body.application_credentials[0].id, id);
  assert.equal(JSON.stringify(listed.body).includes(secret), false);
  assert.deepEqual((await ask('GET', `${bob.path}?name=else`, bob.token)).body.application_credentials, []);
  assert.equal((await ask('GET', `${bob.path}/${id}`, admin.token)).body.application_credential.name, 'seen');
  for (const [method, path] of [
    ['GET', bob.path],
    ['GET', `${bob.path}/${id}`],
    ['DELETE', `${bob.path}/${id}`],
    ['POST', bob.path],
  ] as const) {
    const body = method === 'POST' ? { application_credential: { name: 'x' } } : undefined;
    assert.equal((await ask(method, path, ann.token, body)).status, 403, `${method} ${path}`);
  }
  assert.equal((await ask('GET', `${ann.path}/${id}`, ann.token)).status, 404);
  assert.equal((await ask('DELETE', `${bob.path}/${id}`, bob.token)).status, 204);
  assert.equal((await ask('GET', `${bob.path}/${id}`, bob.token)).status, 404);
});

test('one that is not unrestricted makes and deletes none', async () => {
  for (const [unrestricted, status] of [
    [false, 403],
    [true, 201],
  ] as const) {
    const made = await make(bob, { name: `maker ${unrestricted}`, unrestricted });
    const { id } = made.body.application_credential;
    const token = tokenOf(await enter(made.body.application_credential));
    assert.equal((await make({ ...bob, token }, { name: `made ${unrestricted}` })).status, status);
    assert.equal((await ask('DELETE', `${bob.path}/${id}`, token)).status, unrestricted ? 204 : 403);
  }
});

test('what cannot be is refused, and changes nothing', async () => {
  const atOnce = await Promise.all([1, 2].map(() => make(bob, { name: 'twice' })));
  assert.deepEqual(atOnce.map((one) => one.status).sort(), [201, 409]);
  const before = (await ask('GET', bob.path, bob.token)).body.application_credentials.length;
  const bad: readonly (readonly [object, number])[] = [
    [{}, 400],
    [{ name: '' }, 400],
    [{ name: 'x', roles: 'reader' }, 400],
    [{ name: 'x', roles: [] }, 400],
    [{ name: 'x', roles: [{ name: 'admin' }] }, 400],
    [{ name: 'x', roles: [{ name: 'nothing' }] }, 400],
    [{ name: 'x', roles: [7] }, 400],
    [{ name: 'x', secret: '' }, 400],
    [{ name: 'x', expires_at: 'tomorrow' }, 400],
    [{ name: 'x', expires_at: '2020-01-01T00:00:00' }, 400],
    [{ name: 'x', unrestricted: 'yes' }, 400],
    [{ name: 'x', access_rules: [{ path: '/v2.0/ports', method: 'GET', service: 'network' }] }, 400],
    [{ name: 'maker false' }, 409],
  ];
  for (const [credential, status] of bad)
    assert.equal((await make(bob, credential)).status, status, JSON.stringify(credential));
  const unscoped = tokenOf(await login('bob', 'bobs-password', 'unscoped'));
  assert.equal((await make({ ...bob, token: unscoped }, { name: 'x' })).status, 403);
  assert.equal((await ask('GET', bob.path, bob.token)).body.application_credentials.length, before);
  for (const credential of [{}, { id: 7, secret: 's' }, { id: 'x' }, { name: 'x', secret: 's' }])
    assert.equal((await enter(credential)).status, 400, JSON.stringify(credential));
});

test('no secret is in the file or the log', async () => {
  const made = await make(ann, { name: 'secretive' });
  const { secret } = made.body.application_credential;
  assert.equal((await enter(made.body.application_credential)).status, 201);
  for (const name of ['identity.sqlite', 'identity.sqlite-wal'])
    assert.equal((await readFile(join(folder, name))).includes(secret), false, name);
  assert.equal(
    lines.some((line) => line.includes(secret)),
    false,
  );
});
