import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Clock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import type { IdentityDriver } from '../driver.ts';
import { createLabIdentityService, type LabIdentityService } from '../lab/service.ts';
import { createKeystoneIdentityDriver } from './driver.ts';

let directory: string;
let service: LabIdentityService;
let now = Date.parse('2026-11-21T03:00:00Z');
const clock: Clock = { now: () => new Date(now) };

const startService = (port: number): Promise<LabIdentityService> =>
  createLabIdentityService({
    path: join(directory, 'identity.db'),
    host: '127.0.0.1',
    port,
    networkUrl: 'http://127.0.0.1:9696',
    adminPassword: 'admin-password',
    logger: createLogger({ level: 'silent' }),
    clock,
    tokenLifetime: 600,
  });

const driverFor = (password = 'service-password'): IdentityDriver =>
  createKeystoneIdentityDriver({
    url: service.url,
    userName: 'neutron',
    password,
    projectName: 'service',
    userDomainName: 'Default',
    projectDomainName: 'Default',
    tokenCacheTime: 60,
    serviceTokenRoles: ['service'],
    logger: createLogger({ level: 'silent' }),
    clock,
  });

const login = async (name: string, password: string): Promise<string> => {
  const user = { name, password, domain: { id: 'default' } };
  const response = await fetch(`${service.url}/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } }),
  });
  await response.arrayBuffer();
  return response.headers.get('x-subject-token') ?? assert.fail(`no token for ${name}`);
};

const revoke = async (token: string): Promise<void> => {
  const headers = { 'x-auth-token': token, 'x-subject-token': token };
  const response = await fetch(`${service.url}/auth/tokens`, { method: 'DELETE', headers });
  assert.equal(response.status, 204);
};

const status = async (
  driver: IdentityDriver,
  token: string | undefined,
  serviceToken?: string,
): Promise<number> => {
  try {
    await driver.authenticate({ token, serviceToken }, 'req-1');
    return 200;
  } catch (error) {
    return error instanceof ApiError ? error.status : assert.fail(String(error));
  }
};

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ovenbird-keystone-'));
  service = await startService(0);
  await service.listen();
  await service.ensureUser({
    name: 'neutron',
    password: 'service-password',
    project: 'service',
    roles: ['admin', 'service'],
  });
  await service.ensureUser({ name: 'ann', password: 'anns-password', project: 'red', roles: ['member'] });
});
after(async () => {
  await service[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

describe('against an identity service with the v3 API', () => {
  test('a good token says who asks, with the roles of a service token beside', async () => {
    await using driver = driverFor();
    const [ann, neutron] = [await login('ann', 'anns-password'), await login('neutron', 'service-password')];
    const context = await driver.authenticate({ token: ann, serviceToken: neutron }, 'req-7');
    assert.equal(context.requestId, 'req-7');
    assert.equal(context.userName, 'ann');
    assert.equal(context.projectName, 'red');
    assert.equal(context.projectId, service.ensureProject('red'));
    assert.equal(context.domainId, 'default');
    assert.deepEqual(context.roles, ['member', 'reader']);
    assert.ok(context.serviceRoles.includes('service'));
    assert.equal(context.systemScope, false);
  });

  test('absent, foreign, malformed and overlong tokens are 401', async () => {
    await using driver = driverFor();
    for (const token of [undefined, '', 'x', 'a b', 'é', 'x\r\ny: z', 'x'.repeat(9000)]) {
      assert.equal(await status(driver, token), 401, token);
    }
    assert.equal(await status(driver, await login('ann', 'anns-password'), 'not a token'), 401);
  });

  test('an answer is believed for the configured time, then asked for again', async () => {
    await using driver = driverFor();
    const token = await login('ann', 'anns-password');
    assert.equal(await status(driver, token), 200);
    await revoke(token);
    assert.equal(await status(driver, token), 200);
    now += 61_000;
    assert.equal(await status(driver, token), 401);
  });

  test('a token that ends earlier is not believed longer', async () => {
    await using driver = driverFor();
    const token = await login('ann', 'anns-password');
    now += 570_000;
    assert.equal(await status(driver, token), 200);
    now += 40_000;
    assert.equal(await status(driver, token), 401);
  });

  test('its own token is renewed when it ends', async () => {
    await using driver = driverFor();
    assert.equal(await status(driver, await login('ann', 'anns-password')), 200);
    now += 3_600_000;
    assert.equal(await status(driver, await login('ann', 'anns-password')), 200);
  });

  test('many requests at once with one token all get the answer', async () => {
    await using driver = driverFor();
    const token = await login('ann', 'anns-password');
    const all = await Promise.all(Array.from({ length: 50 }, () => status(driver, token)));
    assert.deepEqual(new Set(all), new Set([200]));
  });

  test('wrong credentials of ours and a service that is away are 503, and pass', async () => {
    await using wrong = driverFor('not-the-password');
    const token = await login('ann', 'anns-password');
    assert.equal(await status(wrong, token), 503);
    await using driver = driverFor();
    const port = Number(new URL(service.url).port);
    await service[Symbol.asyncDispose]();
    assert.equal(await status(driver, token), 503);
    service = await startService(port);
    await service.listen();
    assert.equal(await status(driver, token), 200);
  });
});
