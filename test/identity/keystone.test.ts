import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiError } from '@ovenbird/api';
import { createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { createLogger } from '../../packages/server/src/core/logger.ts';
import type { IdentityDriver } from '../../packages/server/src/identity/driver.ts';
import { tryCommand, until } from '../../packages/server/src/lab/command.ts';
import { startNovaEndpoint } from '../ovn/nova-endpoint.ts';
import { certificateFor, startFront } from './front.ts';
import { byPassword, onProject, openWorld, password, type Session, type World } from './world.ts';

/** Seconds that the application credential below lives, and its token with it. */
const SHORT = 15;

/** Parsed JSON of an answer. */
type Parsed = ReturnType<typeof JSON.parse>;

let world: World;
let demo: Session;
let service: Session;
/** Ends soon after the tests began. */
let dying: { readonly session: Session; readonly ends: number };

/** An application credential of demo's. */
const credential = async (more: object): Promise<object> => {
  const answer = await fetch(`${world.identityUrl}/users/${demo.userId}/application_credentials`, {
    method: 'POST',
    headers: { 'x-auth-token': demo.token, 'content-type': 'application/json' },
    body: JSON.stringify({ application_credential: { secret: 'a-secret', ...more } }),
  });
  const { application_credential }: Parsed = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(application_credential));
  const { id } = application_credential;
  return { methods: ['application_credential'], application_credential: { id, secret: 'a-secret' } };
};

before(async () => {
  world = await openWorld();
  demo = await world.login(byPassword('demo'), onProject('demo'));
  service = await world.login(byPassword('neutron'), onProject('service'));
  const ends = Date.now() + SHORT * 1000;
  const expires_at = new Date(ends).toISOString().replace('Z', '');
  dying = { session: await world.login(await credential({ name: 'short', expires_at })), ends };
});
after(() => world[Symbol.asyncDispose]());

const status = async (headers: { readonly [name: string]: string }): Promise<number> => {
  const answer = await world.ask(headers);
  await answer.arrayBuffer();
  return answer.status;
};
const by = ({ token }: Session) => ({ 'x-auth-token': token });

const asked = async (driver: IdentityDriver, token: string, serviceToken?: string): Promise<number> => {
  try {
    await driver.authenticate({ token, serviceToken }, 'req-1');
    return 200;
  } catch (error) {
    return error instanceof ApiError ? error.status : assert.fail(String(error));
  }
};

const revoke = async ({ token }: Session): Promise<void> => {
  const headers = { 'x-auth-token': token, 'x-subject-token': token };
  const answer = await fetch(`${world.identityUrl}/auth/tokens`, { method: 'DELETE', headers });
  assert.equal(answer.status, 204);
};

const names = async (headers: { readonly [name: string]: string }): Promise<readonly string[]> => {
  const answer = await world.ask(headers);
  assert.equal(answer.status, 200);
  const { networks }: Parsed = await answer.json();
  return networks.map(({ name }: { readonly name: string }) => name);
};

test('a token for a project is its roles there; headers beside it claim nothing', async () => {
  const claims = {
    'x-roles': 'admin',
    'x-project-id': 'other',
    'x-user-id': 'x',
    'x-is-admin-project': 'True',
  };
  const made = await world.ask({ ...by(demo), ...claims }, 'POST', { network: { name: 'of-demo' } });
  assert.equal(made.status, 201);
  const { network }: Parsed = await made.json();
  assert.equal(network.project_id, demo.projectId);
  assert.equal('provider:network_type' in network, false);
  assert.equal(await status(claims), 401);
  assert.deepEqual(await names(by(service)), ['of-demo']);
});

test('tokens for nothing, a domain or the system are known, and granted nothing', async () => {
  const admin = byPassword('admin');
  const [{ id: role }] = (await world.admin.request('GET', '/roles?name=admin')).roles as [{ id: string }];
  const root = await world.login(admin, onProject('admin'));
  await world.admin.request('PUT', `/domains/default/users/${root.userId}/roles/${role}`);
  assert.deepEqual(await names(by(root)), ['of-demo']);
  const scopes = [
    ['unscoped', 400],
    [{ domain: { id: 'default' } }, 403],
    [{ system: { all: true } }, 403],
  ] as const;
  for (const [scope, refusal] of scopes) {
    const headers = by(await world.login(admin, Object(scope)));
    assert.deepEqual(await names(headers), [], JSON.stringify(scope));
    for (const network of [{}, { project_id: demo.projectId }]) {
      const refused = await world.ask(headers, 'POST', { network });
      await refused.arrayBuffer();
      assert.equal(refused.status, refusal, JSON.stringify(scope));
    }
  }
  assert.deepEqual(await names(by(root)), ['of-demo']);
});

test('an application credential is the roles that it was given, on its project', async () => {
  const reader = await world.login(await credential({ name: 'reader', roles: [{ name: 'reader' }] }));
  assert.equal(reader.projectId, demo.projectId);
  assert.deepEqual(await names(by(reader)), ['of-demo']);
  const refused = await world.ask(by(reader), 'POST', { network: {} });
  assert.equal(refused.status, 403);
  const { NeutronError }: Parsed = await refused.json();
  assert.equal(NeutronError.type, 'PolicyNotAuthorized');
});

test('an application credential for single requests is refused, as nothing here would hold it to them', async () => {
  const access_rules = [{ service: 'network', method: 'GET', path: '/v2.0/networks' }];
  assert.equal(await status(by(await world.login(await credential({ name: 'rules', access_rules })))), 401);
});

test('a service token needs the role of a service', async () => {
  assert.equal(await status({ ...by(demo), 'x-service-token': service.token }), 200);
  assert.equal(await status({ ...by(demo), 'x-service-token': demo.token }), 401);
  assert.equal(await status({ ...by(demo), 'x-service-token': 'nobody' }), 401);
  await using driver = world.driver();
  const context = await driver.authenticate({ token: demo.token, serviceToken: service.token }, 'req-1');
  assert.deepEqual(
    [context.userName, context.projectName, context.systemScope, context.requestId],
    ['demo', 'demo', false, 'req-1'],
  );
  assert.ok(context.serviceRoles.includes('service'));
  assert.equal(context.roles.includes('admin'), false);
});

test('a revoked token is believed for the configured time and no longer', async () => {
  const leaver = await world.login(byPassword('demo'), onProject('demo'));
  await using careful = world.driver({ tokenCacheTime: 0 });
  let now = Date.now();
  await using usual = world.driver({ tokenCacheTime: 60, clock: { now: () => new Date(now) } });
  assert.deepEqual([await asked(careful, leaver.token), await asked(usual, leaver.token)], [200, 200]);
  await revoke(leaver);
  assert.equal(await asked(careful, leaver.token), 401);
  assert.equal(await asked(usual, leaver.token), 200);
  now += 61_000;
  assert.equal(await asked(usual, leaver.token), 401);
});

test('wrong credentials of ours are 503, told once, and tried again only after a pause', async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  await using front = await startFront(world.identityUrl);
  await using wrong = world.driver({ url: front.url, password: 'not-it', logger, clock });
  for (let turn = 0; turn < 5; turn += 1) assert.equal(await asked(wrong, `token-${turn}`), 503);
  assert.equal(front.count, 1);
  assert.equal(lines.length, 1, lines.join('\n'));
  assert.match(lines[0] ?? '', /identity\.userName, password/);
  assert.equal((lines[0] ?? '').includes('not-it'), false);
  now += 6_000;
  assert.equal(await asked(wrong, 'token-6'), 503);
  assert.equal(front.count, 2);
  assert.equal(lines.length, 1);
});

test('a user of ours that may not check tokens is 503 and told', async () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
  await using meek = world.driver({ userName: 'demo', projectName: 'demo', logger });
  assert.equal(await asked(meek, service.token), 503);
  assert.match(lines.join(''), /role service or admin/);
});

test('behind TLS, Keystone is believed by the certificate that is configured, and by no other', async () => {
  const own = certificateFor(world.folder, 'own');
  const others = certificateFor(world.folder, 'others');
  await using front = await startFront(world.identityUrl, own);
  const { url } = front;
  await using good = world.driver({ url, ca: own.cert });
  await using bare = world.driver({ url });
  await using other = world.driver({ url, ca: others.cert });
  assert.deepEqual(
    [await asked(good, demo.token), await asked(bare, demo.token), await asked(other, demo.token)],
    [200, 503, 503],
  );
});

test('Nova is told with a token of ours, which Keystone gives over TLS', async () => {
  const own = certificateFor(world.folder, 'ours');
  await using front = await startFront(world.identityUrl, own);
  await using nova = await startNovaEndpoint();
  const config = loadConfig({
    file: {
      api: { port: 0 },
      ml2: { mechanismDrivers: ['logger'] },
      database: { url: `sqlite:${path.join(world.folder, 'tells.db')}` },
      identity: { driver: 'keystone', url: front.url, password, caFile: path.join(world.folder, 'ours.crt') },
      nova: { url: nova.url },
    },
  });
  await using app = await createApp(config, { logger: createLogger({ level: 'silent' }) });
  await app.listen();
  const ask = (method: 'POST' | 'DELETE', url: string, payload?: object) =>
    app.http.inject({ method, url: `/v2.0/${url}`, headers: by(demo), ...(payload && { payload }) });
  const network = (await ask('POST', 'networks', { network: {} })).json().network.id;
  const of = { device_owner: 'compute:nova', device_id: randomUUID() };
  const { id } = (await ask('POST', 'ports', { port: { network_id: network, ...of } })).json().port;
  assert.equal((await ask('DELETE', `ports/${id}`)).statusCode, 204);
  await until('Nova is told', () => nova.told.length > 0);
  assert.deepEqual(nova.accepted(), [`network-vif-deleted ${id}`]);
  await using driver = world.driver();
  const { userId, roles } = await driver.authenticate(
    { token: nova.told[0]?.token, serviceToken: undefined },
    'req-1',
  );
  assert.equal(userId, service.userId);
  assert.ok(roles.includes('service'));
});

test('the openstack command works by password and by application credential', async () => {
  const env = {
    HOME: world.folder,
    OS_AUTH_URL: world.identityUrl,
    OS_IDENTITY_API_VERSION: '3',
    OS_REGION_NAME: 'RegionOne',
  };
  const mine = {
    OS_USERNAME: 'demo',
    OS_PASSWORD: password,
    OS_PROJECT_NAME: 'demo',
    OS_USER_DOMAIN_ID: 'default',
    OS_PROJECT_DOMAIN_ID: 'default',
  };
  const openstack = (words: string, more: { readonly [name: string]: string }) =>
    tryCommand(['/usr/bin/openstack', ...words.split(' ')], { env: { ...env, ...more }, timeoutMs: 120_000 });
  const made = await openstack('network create -f value -c project_id by-command', mine);
  assert.deepEqual([made.code, made.stdout.trim()], [0, demo.projectId], made.stderr);
  const { application_credential } = Object(await credential({ name: 'command' }));
  const listed = await openstack('network list -f value -c Name', {
    OS_AUTH_TYPE: 'v3applicationcredential',
    OS_APPLICATION_CREDENTIAL_ID: application_credential.id,
    OS_APPLICATION_CREDENTIAL_SECRET: application_credential.secret,
  });
  assert.equal(listed.code, 0, listed.stderr);
  assert.deepEqual(listed.stdout.trim().split('\n').sort(), ['by-command', 'of-demo']);
});

test('an expired token is accepted from a service that brings its own token, and from nobody else', async () => {
  await using early = world.driver();
  const { session, ends } = dying;
  // Known before it ended: what is remembered must not outlive it.
  if (Date.now() < ends - 1_000) assert.equal(await asked(early, session.token), 200);
  while (Date.now() <= ends + 1_000) await pause(200);
  await using late = world.driver();
  for (const driver of [early, late]) {
    assert.equal(await asked(driver, session.token), 401);
    assert.equal(await asked(driver, session.token, service.token), 200);
    assert.equal(await asked(driver, session.token), 401);
  }
  assert.equal(await status(by(session)), 401);
});

test('while Keystone is away known tokens go on, others are 503 and told when to come again, until it is back', async () => {
  const fresh = await world.login(byPassword('demo'), onProject('demo'));
  assert.equal(await status(by(demo)), 200);
  const told = (what: RegExp): number => world.log.filter((line) => what.test(line)).length;
  await world.stopKeystone();
  assert.equal(await status(by(demo)), 200);
  for (let turn = 0; turn < 3; turn += 1) {
    const refused = await world.ask(by(fresh));
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '5']);
    const { NeutronError }: Parsed = await refused.json();
    assert.deepEqual(NeutronError, {
      type: 'ServiceUnavailable',
      message: 'The identity service cannot be asked now. Try again.',
      detail: '',
    });
  }
  assert.equal(told(/Keystone cannot be asked/), 1);
  await world.startKeystone();
  assert.equal(await status(by(fresh)), 200);
  assert.equal(told(/Keystone can be asked again/), 1);
});
