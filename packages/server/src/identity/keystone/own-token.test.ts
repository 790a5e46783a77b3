import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ApiError } from '@ovenbird/api';
import type { Clock } from '../../core/clock.ts';
import { createLogger } from '../../core/logger.ts';
import { createLabIdentityService, type LabIdentityService } from '../lab/service.ts';
import { createKeystoneClient, type KeystoneClient } from './client.ts';

let now = Date.parse('2026-11-21T03:00:00Z');
const clock: Clock = { now: () => new Date(now) };
const logger = createLogger({ level: 'silent' });

/** Stands before the real identity service: notes logins of the service, and may do something about an answer. */
interface Front extends AsyncDisposable {
  readonly url: string;
  /** Tokens of our own, in order. */
  readonly logins: string[];
  /** Called before an answer is passed on. */
  meddle: (request: IncomingMessage, answer: Response) => Promise<void>;
}

const startFront = async (target: string): Promise<Front> => {
  const server = createServer(async (request, response) => {
    const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers;
    const body = request.method === 'POST' ? { body: await buffer(request) } : {};
    const answer = await fetch(new URL(request.url ?? '', target), {
      method: request.method ?? 'GET',
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...body,
    });
    const subject = answer.headers.get('x-subject-token');
    if (request.method === 'POST' && subject !== null) front.logins.push(subject);
    await front.meddle(request, answer);
    response.writeHead(answer.status, {
      'content-type': 'application/json',
      ...(subject === null ? {} : { 'x-subject-token': subject }),
    });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const front: Front = {
    url: `http://127.0.0.1:${port}`,
    logins: [],
    meddle: async () => undefined,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return front;
};

describe("the service's own token, when it is revoked", () => {
  let directory: string;
  let service: LabIdentityService;
  let front: Front;
  let tokens: readonly string[];
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ovenbird-own-token-'));
    service = await createLabIdentityService({
      path: join(directory, 'identity.db'),
      host: '127.0.0.1',
      port: 0,
      networkUrl: 'http://127.0.0.1:9696',
      adminPassword: 'admin-password',
      logger,
      clock,
      tokenLifetime: 6_000,
    });
    await service.listen();
    const roles = ['admin', 'service'];
    await service.ensureUser({ name: 'neutron', password: 'service-password', project: 'service', roles });
    await service.ensureUser({ name: 'ann', password: 'anns-password', project: 'red', roles: ['member'] });
    tokens = await Promise.all(Array.from({ length: 12 }, login));
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });
  beforeEach(() => {
    now += 60_000;
  });

  const login = async (): Promise<string> => {
    const user = { name: 'ann', password: 'anns-password', domain: { id: 'default' } };
    const response = await fetch(`${service.url}/auth/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ auth: { identity: { methods: ['password'], password: { user } } } }),
    });
    await response.arrayBuffer();
    return response.headers.get('x-subject-token') ?? assert.fail('no token');
  };

  const revoke = async (token = ''): Promise<void> => {
    const headers = { 'x-auth-token': token, 'x-subject-token': token };
    const response = await fetch(`${service.url}/auth/tokens`, { method: 'DELETE', headers });
    assert.equal(response.status, 204);
  };

  const open = async () => {
    await using stack = new AsyncDisposableStack();
    front = stack.use(await startFront(service.url));
    const client = stack.use(
      createKeystoneClient({
        url: front.url,
        userName: 'neutron',
        password: 'service-password',
        projectName: 'service',
        userDomainName: 'Default',
        projectDomainName: 'Default',
        logger,
        clock,
      }),
    );
    const owned = stack.move();
    return { client, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
  };

  const nameOf = async (client: KeystoneClient, token: string) =>
    (await client.validate(token, false))?.context.userName;
  const statusOf = (client: KeystoneClient, token: string): Promise<number> =>
    client.validate(token, false).then(
      () => 200,
      (error: unknown) => (error instanceof ApiError ? error.status : assert.fail(String(error))),
    );

  test('is replaced once, however many requests meet it and however late they hear of it', async () => {
    await using opened = await open();
    const { client } = opened;
    const [late = '', ...others] = tokens;
    assert.equal(await nameOf(client, late), 'ann');
    await revoke(front.logins[0]);
    now += 5_000;
    const renewed = Promise.withResolvers<void>();
    front.meddle = async ({ headers }, { status }) => {
      if (headers['x-subject-token'] === late && status === 401) await renewed.promise;
    };
    const hearsLate = nameOf(client, late);
    const names = await Promise.all(others.map((token) => nameOf(client, token)));
    assert.deepEqual(new Set(names), new Set(['ann']));
    renewed.resolve();
    assert.equal(await hearsLate, 'ann');
    assert.equal(front.logins.length, 2);
  });

  test('costs one login in five seconds when new ones are refused too', async () => {
    await using opened = await open();
    const { client } = opened;
    front.meddle = async ({ method }) => {
      if (method === 'POST') await revoke(front.logins.at(-1));
    };
    for (const token of tokens) assert.equal(await statusOf(client, token), 503);
    assert.equal(front.logins.length, 1);
    now += 5_000;
    for (const token of tokens) assert.equal(await statusOf(client, token), 503);
    assert.equal(front.logins.length, 2);
    now += 5_000;
    front.meddle = async () => undefined;
    for (const token of tokens) assert.equal(await nameOf(client, token), 'ann');
    assert.equal(front.logins.length, 3);
  });
});
