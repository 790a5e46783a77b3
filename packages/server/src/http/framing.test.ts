import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';

// Requests as they are on the wire, where a proxy might read them otherwise than we do.
let folder: string;
let service: ApiService;
let red: Persona;
let port: number;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-framing-'));
  service = await startApiService({ databaseUrl: `sqlite:${join(folder, 'db')}` });
  red = await service.persona('rosa', 'red', ['admin']);
  port = Number(new URL(await service.app.listen()).port);
});
after(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

interface Wired {
  /** Of every answer on the connection. */
  readonly statuses: readonly number[];
  readonly text: string;
}

const BODY = '{"network":{"name":"smuggled"}}';

/** In: the request line and headers, then what follows them. The token is added; the server is told to hang up. */
const send = async (lines: readonly string[], rest = ''): Promise<Wired> => {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  const [request = '', ...headers] = lines;
  const head = [request, `X-Auth-Token: ${red.token}`, 'Connection: close', ...headers];
  socket.write(`${head.join('\r\n')}\r\n\r\n${rest}`);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return { statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status)), text };
};

const length = `Content-Length: ${BODY.length}`;
const chunked = 'Transfer-Encoding: chunked';
const chunks = `${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`;
const POST = ['POST /v2.0/networks HTTP/1.1', 'Host: a'];
const GET = 'GET /v2.0/networks HTTP/1.1';

const refused: { readonly [name: string]: readonly [lines: readonly string[], rest?: string] } = {
  'a length and chunks': [[...POST, length, chunked], chunks],
  'chunks and a length': [[...POST, chunked, length], chunks],
  'two lengths': [[...POST, length, 'Content-Length: 3'], BODY],
  'a length twice': [[...POST, length, length], BODY],
  'a length that is a list': [[...POST, `${length}, 3`], BODY],
  'a length with a sign': [[...POST, `Content-Length: +${BODY.length}`], BODY],
  'an unknown coding': [[...POST, 'Transfer-Encoding: xchunked'], BODY],
  'chunks that are not the last coding': [[...POST, 'Transfer-Encoding: chunked, identity'], chunks],
  'a chunk without a number': [[...POST, chunked], `x\r\n${BODY}\r\n0\r\n\r\n`],
  'a space before the colon': [[...POST, `Content-Length : ${BODY.length}`], BODY],
  'a header on two lines': [[GET, 'Host: a', 'X-A: b', ' c']],
  ...Object.fromEntries(
    ['\u0000', '\t', '\u001b', '\u007f', '\u0085', '\u009b', '\u202e', '\u2028', 'ü'].map((text) => [
      `a target with ${JSON.stringify(text)} in it`,
      [[`GET /v2.0/networks/a${text}b HTTP/1.1`, 'Host: a']],
    ]),
  ),
  'a control character in a header': [[GET, 'Host: a', 'X-A: b\u0000c']],
  'no host': [[GET]],
  'two hosts': [[GET, 'Host: a', 'Host: b']],
  'a host that is none': [[GET, 'Host: a"><script>']],
  'a host with a path': [[GET, 'Host: a/b']],
  'a host with a name before it': [[GET, 'Host: user@a']],
  'another host in the target': [['GET http://b/v2.0/networks HTTP/1.1', 'Host: a']],
  'a target that cannot be decoded': [['GET /v2.0/networks/%zz<script> HTTP/1.1', 'Host: a']],
};

for (const [name, [lines, rest]] of Object.entries(refused))
  test(`${name}: 400, in the form of every error, and nothing behind it is a request`, async () => {
    const { statuses, text } = await send(
      lines,
      `${rest ?? ''}${POST.join('\r\n')}\r\n${length}\r\n\r\n${BODY}`,
    );
    assert.deepEqual(statuses, [400], text);
    assert.match(text, /"NeutronError":\{"type":"HTTPBadRequest"/);
    assert.doesNotMatch(text, /script|%zz/);
  });

test('of all of these no network was made; the same requests, well formed, make some', async () => {
  const made = async () => (await red.ask('GET', 'networks')).body.networks.length;
  assert.equal(await made(), 0);
  assert.deepEqual((await send([...POST, length], BODY)).statuses, [201]);
  assert.deepEqual((await send([...POST, chunked], chunks)).statuses, [201]);
  assert.deepEqual((await send([...POST, 'Expect: 100-continue', length], BODY)).statuses, [100, 201]);
  assert.equal(await made(), 3);
});

test('a target with its host before it is the same target', async () => {
  const { statuses, text } = await send(['GET http://a:1/v2.0/networks?limit=1 HTTP/1.1', 'Host: a:1']);
  assert.deepEqual(statuses, [200]);
  assert.match(text, /"href":"http:\/\/a:1\/v2\.0\/networks\?limit=1&marker=/);
});

test('no spelling of a path is another path: 404, or 401 without a token', async () => {
  for (const target of [
    '//v2.0/networks',
    '/v2.0//networks',
    '/v2.0%2fnetworks',
    '/v2.0/%2e%2e/metrics',
    '/v2.0/../metrics',
    '/livez/../v2.0/networks',
    '/V2.0/networks',
    '/v2.0/networks;a=b',
    '/v2.0/networks%00',
    '/v2.0\\networks',
  ])
    assert.deepEqual((await send([`GET ${target} HTTP/1.1`, 'Host: a'])).statuses, [404], target);
  for (const target of ['/v2%2e0/networks', '/%762.0/networks', '/v2.0/networks/', '/v2.0/networks.json'])
    assert.equal((await service.ask('GET', target)).status, 401, target);
});

test('links lead where the client asked; what proxies claim for it changes nothing', async () => {
  const claims = [
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'Forwarded: host=evil.example',
  ];
  const { text } = await send([
    'GET / HTTP/1.1',
    'Host: api.example:9696',
    ...claims,
    'X-Original-URL: /v2.0/ports',
  ]);
  assert.match(text, /"href":"http:\/\/api\.example:9696\/v2\.0\/"/);
  const { text: old } = await send(['GET / HTTP/1.0']);
  assert.match(old, new RegExp(`"href":"http://127\\.0\\.0\\.1:${port}/v2\\.0/"`));
});

test('pages of other origins are told nothing, and no header replaces the method', async () => {
  const { statuses, text } = await send([
    'OPTIONS /v2.0/networks HTTP/1.1',
    'Host: a',
    'Origin: http://evil.example',
  ]);
  assert.deepEqual(statuses, [405]);
  const asked = await send([GET, 'Host: a', 'Origin: http://evil.example']);
  assert.deepEqual(asked.statuses, [200]);
  assert.doesNotMatch(text + asked.text, /access-control-/i);
  const { body } = await red.ask('POST', 'networks', { network: {} });
  const target = `POST /v2.0/networks/${body.network.id} HTTP/1.1`;
  assert.deepEqual((await send([target, 'Host: a', 'X-HTTP-Method-Override: DELETE'])).statuses, [405]);
});
