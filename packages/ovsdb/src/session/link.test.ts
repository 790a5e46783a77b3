import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { OvsdbError } from '../wire/errors.ts';
import { MessageFramer } from '../wire/framer.ts';
import { Link, LinkLostError } from './link.ts';

let dir: string;
let listener: Server;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'ovsdb-'));
  listener = createServer();
  listener.listen({ path: join(dir, 'sock') });
  await once(listener, 'listening');
});

after(async () => {
  listener.close();
  await rm(dir, { recursive: true, force: true });
});

interface Peer extends Disposable {
  readonly link: Link;
  readonly socket: Socket;
  /** What the link sent, in order; resolves when there are that many messages. */
  received(count: number): Promise<readonly unknown[]>;
  readonly events: unknown[];
}

/** A link, and the other end of it in the hands of the test: some messages no real server sends on demand. */
async function open(probeIntervalMs = 0): Promise<Peer> {
  const accepted = once(listener, 'connection');
  const events: unknown[] = [];
  const link = new Link(connect({ path: join(dir, 'sock') }), {
    probeIntervalMs,
    onNotification: (method, params) => events.push([method, ...params]),
  });
  const [socket]: Socket[] = await accepted;
  assert.ok(socket !== undefined);
  const framer = new MessageFramer();
  const messages: unknown[] = [];
  socket.on('data', (chunk: Buffer) => messages.push(...framer.push(chunk)));
  socket.on('error', () => {});
  const received = async (count: number): Promise<readonly unknown[]> => {
    while (messages.length < count) await once(socket, 'data');
    return messages;
  };
  return {
    link,
    socket,
    events,
    received,
    [Symbol.dispose]: () => {
      link.close(new Error('done'));
      socket.destroy();
    },
  };
}

test('an echo is answered with its parameters, other requests with an error', async () => {
  using peer = await open();
  peer.socket.write('{"id":"echo","method":"echo","params":["€",1]}{"id":[1],"method":"sing","params":[]}');
  assert.deepEqual(await peer.received(2), [
    { id: 'echo', result: ['€', 1], error: null },
    { id: [1], result: null, error: { error: 'unknown method' } },
  ]);
});

test('an idle link asks, twice in silence it ends', async () => {
  using peer = await open(20);
  const reason = peer.link.ended;
  assert.deepEqual(await peer.received(1), [{ id: 1, method: 'echo', params: [] }]);
  assert.match((await reason).message, /no answer for/);
});

test('replies are handled in their place among the notifications of one chunk', async () => {
  using peer = await open();
  const replied = peer.link.request('get', [], (result) => peer.events.push(['reply', result]));
  await peer.received(1);
  peer.socket.write(
    [
      '{"id":null,"method":"n","params":[1]}',
      '{"id":1,"result":"r","error":null}',
      '{"id":null,"method":"n","params":[2]}',
    ].join(''),
  );
  await replied;
  assert.deepEqual(peer.events, [
    ['n', 1],
    ['reply', 'r'],
    ['n', 2],
  ]);
});

test('errors of the server and of the handler reject the request only', async () => {
  using peer = await open();
  const failing = peer.link.request('a', [], () => assert.fail());
  const throwing = peer.link.request('b', [], () => {
    throw new TypeError('mine');
  });
  peer.socket.write(
    '{"id":1,"result":null,"error":{"error":"out of paper"}}{"id":2,"result":{},"error":null}',
  );
  await assert.rejects(failing, OvsdbError);
  await assert.rejects(throwing, { message: 'mine' });
  assert.equal(peer.link.open, true);
});

test('an abandoned request is canceled, and its late reply ignored', async () => {
  using peer = await open();
  const sent = peer.link.send('slow', ['x'], () => assert.fail());
  sent.abandon(new Error('enough'));
  await assert.rejects(sent.reply, { message: 'enough' });
  assert.deepEqual(await peer.received(2), [
    { id: 1, method: 'slow', params: ['x'] },
    { id: null, method: 'cancel', params: [1] },
  ]);
  const next = peer.link.request('next', [], (result) => result);
  peer.socket.write('{"id":1,"result":1,"error":null}{"id":2,"result":2,"error":null}');
  assert.equal(await next, 2);
});

test('what is no message ends the link, and what waits fails', async () => {
  for (const bytes of [
    '[]',
    '{"id":1}x',
    '{"result":1}',
    '{"method":"m","params":{}}',
    '{"method":1,"params":[]}',
  ]) {
    using peer = await open();
    const waiting = peer.link.request('a', [], () => bytes !== '{"id":1}x' && assert.fail());
    const settled = waiting.then(
      () => 'replied',
      (error: unknown) => (error instanceof LinkLostError ? 'lost' : error),
    );
    await peer.received(1);
    peer.socket.write(bytes);
    await peer.link.ended;
    assert.equal(await settled, bytes === '{"id":1}x' ? 'replied' : 'lost', bytes);
    await assert.rejects(
      peer.link.request('b', [], () => assert.fail()),
      LinkLostError,
    );
    peer.link.notify('c', []);
  }
});
