import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Clock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import type { IdentityDriver } from '../driver.ts';
import { identityClient, project, tokenOf } from './client.fixture.ts';
import { createLabIdentityDriver } from './driver.ts';
import { createLabIdentityService, type LabIdentityService } from './service.ts';

let directory: string;
let service: LabIdentityService;
let driver: IdentityDriver;
let now = Date.parse('2026-11-21T03:00:00Z');
const clock: Clock = { now: () => new Date(now) };
const lines: string[] = [];

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ovenbird-identity-'));
  const path = join(directory, 'identity.sqlite');
  const logger = createLogger({
    level: 'trace',
    destination: { write: (line: string) => void lines.push(line) },
  });
  service = await createLabIdentityService({
    path,
    host: '127.0.0.1',
    port: 0,
    networkUrl: 'http://127.0.0.1:9696',
    adminPassword: 'top-secret-admin',
    logger,
    clock,
  });
  await service.listen();
  await service.ensureUser({ name: 'ann', password: 'anns-password', project: 'red', roles: ['member'] });
  driver = createLabIdentityDriver({ path, publicUrl: service.url, serviceTokenRoles: ['service'], clock });
});

after(async () => {
  await driver[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const { ask, login } = identityClient(() => service.url);
const adminToken = async (): Promise<string> =>
  tokenOf(await login('admin', 'top-secret-admin', project('admin')));

const status = async (work: Promise<unknown>): Promise<number> => {
  try {
    await work;
    return 200;
  } catch (error) {
    return error instanceof ApiError ? error.status : assert.fail(String(error));
  }
};
const authenticate = (token: string | undefined) =>
  driver.authenticate({ token, serviceToken: undefined }, 'req-1');

describe('tokens', () => {
  test('a password gives a project token with roles, implied ones too, and the catalogue', async () => {
    const answer = await login('ann', 'anns-password', project('red'));
    assert.equal(answer.status, 201);
    const { token } = answer.body;
    assert.equal(token.project.name, 'red');
    assert.deepEqual(
      token.roles.map((role: { name: string }) => role.name),
      ['member', 'reader'],
    );
    const network = token.catalog.find((entry: { type: string }) => entry.type === 'network');
    assert.equal(network.endpoints[0].url, 'http://127.0.0.1:9696');
    assert.equal(token.issued_at, '2026-11-21T03:00:00.000000Z');
    assert.equal(token.expires_at, '2026-11-21T07:00:00.000000Z');
    const context = await authenticate(tokenOf(answer));
    assert.equal(context.userName, 'ann');
    assert.equal(context.projectId, token.project.id);
    assert.deepEqual(context.roles, ['member', 'reader']);
    assert.equal(context.requestId, 'req-1');
  });

  test('without a scope the default project is taken; unscoped and system work', async () => {
    assert.equal((await login('ann', 'anns-password')).body.token.project.name, 'red');
    const unscoped = await login('ann', 'anns-password', 'unscoped');
    assert.equal(unscoped.body.token.project, undefined);
    assert.equal((await authenticate(tokenOf(unscoped))).projectId, '');
    const system = await login('admin', 'top-secret-admin', { system: { all: true } });
    assert.equal((await authenticate(tokenOf(system))).systemScope, true);
    assert.equal((await login('ann', 'anns-password', { system: { all: true } })).status, 401);
  });

  test('wrong password, unknown user, unknown project, foreign project: 401 and nothing more', async () => {
    const bodies = await Promise.all([
      login('ann', 'wrong'),
      login('nobody', 'anns-password'),
      login('ann', 'anns-password', project('nowhere')),
      login('ann', 'anns-password', project('admin')),
    ]);
    for (const answer of bodies) {
      assert.equal(answer.status, 401);
      assert.deepEqual(answer.body, bodies[0]?.body);
    }
  });

  test('a token gives another token, which lives no longer', async () => {
    const first = await login('ann', 'anns-password', 'unscoped');
    now += 60_000;
    const second = await ask('POST', '/auth/tokens', undefined, {
      auth: { identity: { methods: ['token'], token: { id: tokenOf(first) } }, scope: project('red') },
    });
    assert.equal(second.status, 201);
    assert.equal(second.body.token.expires_at, first.body.token.expires_at);
    assert.deepEqual(second.body.token.methods, ['token', 'password']);
  });

  test('it is validated for its owner and for an administrator, not for others', async () => {
    const [ann, admin] = [tokenOf(await login('ann', 'anns-password')), await adminToken()];
    assert.equal(
      (await ask('GET', '/auth/tokens', admin, undefined, { 'x-subject-token': ann })).body.token.user.name,
      'ann',
    );
    assert.equal((await ask('HEAD', '/auth/tokens', ann, undefined, { 'x-subject-token': ann })).status, 200);
    assert.equal(
      (await ask('GET', '/auth/tokens', ann, undefined, { 'x-subject-token': admin })).status,
      403,
    );
    assert.equal(
      (await ask('GET', '/auth/tokens', admin, undefined, { 'x-subject-token': 'x' })).status,
      404,
    );
  });

  test('changed, revoked, expired and absent tokens are refused', async () => {
    const token = tokenOf(await login('ann', 'anns-password'));
    assert.equal(await status(authenticate(token)), 200);
    const [head = '', body = '', signature = ''] = token.split('.');
    const forged = Buffer.from(
      Buffer.from(body, 'base64url').toString().replace('unscoped', 'system'),
    ).toString('base64url');
    for (const bad of [
      undefined,
      '',
      'x',
      `${head}.${body}`,
      `${head}.${forged}x.${signature}`,
      `${token}x`,
      `${token}.x`,
    ]) {
      assert.equal(await status(authenticate(bad)), 401, bad);
    }
    assert.equal(
      (await ask('DELETE', '/auth/tokens', token, undefined, { 'x-subject-token': token })).status,
      204,
    );
    assert.equal(await status(authenticate(token)), 401);
    assert.equal((await ask('GET', '/auth/projects', token)).status, 401);
    const old = tokenOf(await login('ann', 'anns-password'));
    assert.equal(await status(authenticate(old)), 200);
    now += 4 * 3_600_000;
    assert.equal(await status(authenticate(old)), 401);
  });
});

describe('guessing', () => {
  const wrong = async (name: string): Promise<number> => (await login(name, 'a guess')).status;

  test('after ten wrong passwords of a user the next waits, right or not; others are not concerned', async () => {
    await service.ensureUser({ name: 'gus', password: 'gus-password', project: 'red', roles: ['member'] });
    for (let turn = 0; turn < 10; turn += 1) assert.equal(await wrong('gus'), 401);
    const refused = await login('gus', 'gus-password');
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '10']);
    assert.equal(refused.body.error.title, 'Too Many Requests');
    assert.equal((await login('ann', 'anns-password')).status, 201);
    now += 10_000;
    assert.equal((await login('gus', 'gus-password')).status, 201);
    assert.equal(await wrong('gus'), 401);
    assert.equal(await wrong('gus'), 429);
  });

  test('guesses at once all count', async () => {
    await service.ensureUser({ name: 'ida', password: 'idas-password', project: 'red', roles: ['member'] });
    const all = await Promise.all(Array.from({ length: 15 }, () => wrong('ida')));
    const looked = all.filter((status) => status === 401).length;
    assert.ok(looked >= 10);
    now += (looked - 9) * 10_000 - 1_000;
    assert.equal((await login('ida', 'idas-password')).headers.get('retry-after'), '1');
    now += 1_000;
    assert.equal((await login('ida', 'idas-password')).status, 201);
  });

  test('users that do not exist are treated alike', async () => {
    for (let turn = 0; turn < 10; turn += 1) assert.equal(await wrong('nobody-at-all'), 401);
    assert.equal(await wrong('nobody-at-all'), 429);
  });
});

describe('administration', () => {
  test('makes projects, users and roles, grants and revokes; the API server sees it at once', async () => {
    const admin = await adminToken();
    const made = await ask('POST', '/projects', admin, { project: { name: 'blue', description: 'd' } });
    assert.equal(made.status, 201);
    const projectId: string = made.body.project.id;
    const user = await ask('POST', '/users', admin, {
      user: { name: 'bob', password: 'bobs-password', email: 'b@example.org' },
    });
    assert.equal(user.status, 201);
    assert.equal(JSON.stringify(user.body).includes('bobs-password'), false);
    assert.equal(user.body.user.email, 'b@example.org');
    const plain = await ask('POST', '/users', admin, { user: { name: 'plain' } });
    assert.deepEqual(
      ['email', 'default_project_id'].filter((name) => Object.hasOwn(plain.body.user, name)),
      [],
    );
    const userId: string = user.body.user.id;
    const roles = await ask('GET', '/roles?name=reader', admin);
    assert.equal(roles.body.roles.length, 1);
    const grant = `/projects/${projectId}/users/${userId}/roles/${roles.body.roles[0].id}`;
    assert.equal((await login('bob', 'bobs-password', project('blue'))).status, 401);
    assert.equal((await ask('PUT', grant, admin)).status, 204);
    assert.equal((await ask('HEAD', grant, admin)).status, 204);
    const token = tokenOf(await login('bob', 'bobs-password', project('blue')));
    assert.deepEqual((await authenticate(token)).roles, ['reader']);
    const assignments = await ask('GET', `/role_assignments?user.id=${userId}&include_names`, admin);
    assert.equal(assignments.body.role_assignments[0].scope.project.name, 'blue');
    assert.equal((await ask('DELETE', grant, admin)).status, 204);
    assert.equal(await status(authenticate(token)), 401);
    assert.equal((await ask('DELETE', grant, admin)).status, 404);
    assert.equal(
      (await ask('PATCH', `/users/${userId}`, admin, { user: { enabled: false } })).body.user.enabled,
      false,
    );
    assert.equal((await login('bob', 'bobs-password')).status, 401);
    assert.equal((await ask('DELETE', `/users/${userId}`, admin)).status, 204);
    assert.equal((await ask('DELETE', `/projects/${projectId}`, admin)).status, 204);
    assert.equal((await ask('GET', `/projects/${projectId}`, admin)).status, 404);
  });

  test('is refused to others, who still see themselves', async () => {
    const answer = await login('ann', 'anns-password');
    const token = tokenOf(answer);
    const own: string = answer.body.token.user.id;
    for (const [method, path] of [
      ['GET', '/users'],
      ['GET', '/projects'],
      ['POST', '/projects'],
      ['GET', '/role_assignments'],
      ['DELETE', `/users/${own}`],
      ['GET', '/users/unknown'],
      ['GET', '/services'],
    ] as const) {
      assert.equal(
        (await ask(method, path, token, method === 'POST' ? { project: { name: 'x' } } : undefined)).status,
        403,
        path,
      );
    }
    assert.equal((await ask('GET', `/users/${own}`, token)).body.user.name, 'ann');
    assert.equal((await ask('GET', '/auth/projects', token)).body.projects[0].name, 'red');
    assert.equal((await ask('GET', `/users/${own}/projects`, token)).body.projects.length, 1);
    assert.equal((await ask('GET', '/users')).status, 401);
  });

  test('bad bodies, duplicates and unknown paths', async () => {
    const admin = await adminToken();
    assert.equal((await ask('POST', '/projects', admin, {})).status, 400);
    assert.equal((await ask('POST', '/projects', admin, { project: { name: '' } })).status, 400);
    assert.equal((await ask('POST', '/projects', admin, { project: { name: 'red' } })).status, 409);
    assert.equal(
      (await ask('POST', '/projects', admin, { project: { name: 'x', domain_id: 'nope' } })).status,
      404,
    );
    assert.equal((await ask('POST', '/auth/tokens', undefined, { auth: 7 })).status, 400);
    const unknown = await ask('GET', '/nothing', admin);
    assert.equal(unknown.status, 404);
    assert.equal(unknown.body.error.code, 404);
  });
});

test('version documents', async () => {
  const root = await fetch(service.url.replace('/v3', '/'));
  assert.equal(root.status, 300);
  assert.match(await root.text(), /"v3\.14"/);
  assert.equal((await ask('GET', '')).body.version.links[0].href, `${service.url}/`);
  assert.equal((await ask('GET', '/')).body.version.status, 'stable');
});

test('the file is private, and no secret reaches it in clear or the log at all', async () => {
  const mode = (await stat(join(directory, 'identity.sqlite'))).mode & 0o777;
  assert.equal(mode, 0o600);
  assert.equal(
    lines.some((line) => /password|ovl1\./.test(line)),
    false,
  );
});
