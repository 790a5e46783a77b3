import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';

let folder: string;
let service: ApiService;
let red: Persona;
let blue: Persona;
let port: number;

const LIMITS = {
  maxRequests: 2,
  requestRate: 1,
  requestBurst: 20,
  requestTimeout: 2,
  idleTimeout: 3,
  maxHeadSize: 4096,
  maxListLength: 5,
  maxConnections: 8,
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-limits-'));
  service = await startApiService({
    databaseUrl: `sqlite:${join(folder, 'db')}`,
    settings: { api: LIMITS },
  });
  red = await service.persona('rosa', 'red', ['admin']);
  blue = await service.persona('bert', 'blue', ['member']);
  port = Number(new URL(await service.app.listen()).port);
});
after(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const fresh = async (name: string): Promise<Persona> => service.persona(name, name, ['member']);

const open = async (): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
};

/** A request whose body is longer than what is sent of it, and that the service works on. */
const begun = async (persona: Persona) => {
  const socket = await open();
  const arrived = once(service.app.http.server, 'request');
  const head = ['POST /v2.0/networks HTTP/1.1', 'Host: x', `X-Auth-Token: ${persona.token}`];
  socket.write([...head, 'Content-Length: 14', '', '{"network"'].join('\r\n'));
  const [, response] = await arrived;
  return { socket, left: new Promise((resolve) => response.once('close', resolve)) };
};

const answerOf = async (socket: Socket): Promise<string> => {
  let text = '';
  for await (const chunk of socket) {
    text += String(chunk);
    if (text.includes('\r\n\r\n')) break;
  }
  return text.split('\r\n', 1)[0] ?? '';
};

test('requests beyond those worked on are refused at once, and places come back', async () => {
  const [first, second] = [await begun(red), await begun(red)];
  const refused = await blue.ask('GET', 'networks');
  assert.deepEqual([refused.status, refused.body.NeutronError.type], [503, 'ServiceUnavailable']);
  assert.equal(refused.headers['retry-after'], '1');
  assert.equal((await service.ask('GET', '/healthcheck')).status, 200);
  second.socket.destroy();
  await second.left;
  assert.equal((await blue.ask('GET', 'networks')).status, 200);
  first.socket.write(':{}}');
  assert.equal(await answerOf(first.socket), 'HTTP/1.1 201 Created');
  first.socket.destroy();
  await first.left;
  for (let count = 0; count < 5; count += 1) assert.equal((await blue.ask('GET', 'networks')).status, 200);
});

test('a project that asks too often is told to wait, others are not', async () => {
  const busy = await fresh('busy');
  const quiet = await fresh('quiet');
  const burst = LIMITS.requestBurst;
  for (let count = 0; count < burst; count += 1)
    assert.equal((await busy.ask('GET', 'networks')).status, 200);
  // Some more come back while these are answered.
  const post = () => busy.ask('POST', 'networks', { network: {} });
  let refused = await post();
  for (let count = 0; count < burst && refused.status === 201; count += 1) refused = await post();
  assert.deepEqual([refused.status, refused.body.NeutronError.type], [429, 'TooManyRequests']);
  assert.equal(refused.headers['retry-after'], '1');
  assert.equal((await quiet.ask('GET', 'networks')).status, 200);
  await pause(1100);
  assert.equal((await busy.ask('GET', 'networks')).status, 200);
});

const secondsUntilEnd = async (socket: Socket): Promise<number> => {
  const start = performance.now();
  socket.resume();
  await once(socket, 'close', { signal: AbortSignal.timeout(15_000) });
  return (performance.now() - start) / 1000;
};

test('whoever is slow to send a head or a body is cut off', async () => {
  const head = await open();
  head.write('GET /v2.0/networks HTTP/1.1\r\nHost: x\r\n');
  const drip = setInterval(() => head.write('X-A: b\r\n'), 300);
  const body = await begun(await fresh('slow'));
  const ends = Promise.all([secondsUntilEnd(head), secondsUntilEnd(body.socket)]);
  const [headTook, bodyTook] = await ends.finally(() => clearInterval(drip));
  assert.ok(headTook < 6, `head: ${headTook} s`);
  assert.ok(bodyTook < 6, `body: ${bodyTook} s`);
});

test('whoever does not read answers is cut off', async () => {
  const databaseUrl = `sqlite:${join(folder, 'patient.db')}`;
  await using patient = await startApiService({ databaseUrl, settings: { api: { idleTimeout: 2 } } });
  const { token } = await patient.persona('rita', 'red', ['reader']);
  const url = new URL(await patient.app.listen());
  const socket = connect(Number(url.port), url.hostname).pause();
  let cut = false;
  socket.on('error', () => {});
  socket.once('close', () => {
    cut = true;
  });
  const connections = (): Promise<number> =>
    new Promise((resolve) => {
      patient.app.http.server.getConnections((_error, count) => resolve(count));
    });
  await once(socket, 'connect');
  socket.write(`GET /v2.0/extensions HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${token}\r\n\r\n`.repeat(2000));
  const started = performance.now();
  await once(patient.app.http.server, 'request');
  assert.equal(await connections(), 1);
  while ((await connections()) > 0 && performance.now() - started < 20_000) await pause(100);
  assert.equal(await connections(), 0);
  assert.equal(cut, false, 'the client itself did not give up');
  socket.destroy();
});

test('heads, lists and packed bodies have limits', async () => {
  const { ask } = await fresh('long');
  const json = { 'content-type': 'application/json' };
  const socket = await open();
  socket.write(`GET /v2.0/networks?name=${'x'.repeat(5000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
  assert.match(await answerOf(socket), /^HTTP\/1\.1 431 /);
  const list = await ask('POST', 'networks', { networks: Array(6).fill({}) });
  assert.deepEqual([list.status, list.body.NeutronError.type], [400, 'HTTPBadRequest']);
  assert.match(list.body.NeutronError.message, /a list has more than 5 members/);
  assert.equal((await ask('POST', 'networks', { networks: Array(5).fill({}) })).status, 201);
  for (const [opening, closing] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    const deep = `{"network":${opening.repeat(100)}1${closing.repeat(100)}}`;
    const nested = await ask('POST', 'networks', Buffer.from(deep), json);
    assert.equal(nested.status, 400);
    assert.match(nested.body.NeutronError.message, /nested too deeply/);
  }
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
  const packed = await ask('POST', 'networks', bomb, { ...json, 'content-encoding': 'gzip' });
  assert.deepEqual([packed.status, packed.body.NeutronError.type], [415, 'HTTPUnsupportedMediaType']);
  const plain = await ask('POST', 'networks', '{"network":{}}', { ...json, 'content-encoding': 'identity' });
  assert.equal(plain.status, 201);
});

test('connections beyond the limit are closed, the others go on', async () => {
  const kept = await Promise.all(Array.from({ length: LIMITS.maxConnections }, open));
  const ninth = connect(port, '127.0.0.1');
  ninth.on('error', () => {});
  assert.ok((await secondsUntilEnd(ninth)) < 2);
  const [first] = kept;
  first?.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(first === undefined ? '' : await answerOf(first), /^HTTP\/1\.1 (200|300) /);
  for (const socket of kept) socket.destroy();
});
