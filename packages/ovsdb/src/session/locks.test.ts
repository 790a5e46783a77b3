import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { NotOwnerError } from '../index.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer, type TestServer } from '../testing/index.ts';

let server: TestServer;

before(async () => {
  server = await startOvsdbServer({ schemaFile: shopFile });
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

/** What a lock reports, and a way to wait for the next report. */
function reports(): {
  readonly seen: boolean[];
  readonly listener: (owned: boolean) => void;
  next(): Promise<boolean>;
} {
  const seen: boolean[] = [];
  let waiting = Promise.withResolvers<boolean>();
  return {
    seen,
    listener: (owned) => {
      seen.push(owned);
      waiting.resolve(owned);
      waiting = Promise.withResolvers<boolean>();
    },
    next: () => waiting.promise,
  };
}

test('a lock goes from one client to the next when it is let go, and when its owner is gone', async () => {
  const first = shopClient([server.endpoint]);
  await using second = shopClient([server.endpoint]);
  await Promise.all([first.ready(), second.ready()]);
  const [one, two] = [reports(), reports()];
  const owned = one.next();
  const lock = first.lock('l', one.listener);
  assert.equal(await owned, true);
  await first.transact([first.operations.assert('l')]);

  const handedOver = two.next();
  using _second = second.lock('l', two.listener);
  await assert.rejects(second.transact([second.operations.assert('l')]), NotOwnerError);
  assert.deepEqual(two.seen, []);
  lock[Symbol.dispose]();
  assert.equal(await handedOver, true);
  await second.transact([second.operations.assert('l')]);
  await assert.rejects(first.transact([first.operations.assert('l')]), NotOwnerError);

  const third = reports();
  const inherited = third.next();
  using _third = first.lock('l', third.listener);
  await first.transact([]);
  assert.deepEqual(third.seen, []);
  await second[Symbol.asyncDispose]();
  assert.equal(await inherited, true);
  assert.deepEqual(two.seen, [true, false], 'a closed client owns nothing');
  await first[Symbol.asyncDispose]();
});

test('a lock asked for twice is one lock, and is asked for again after a reconnect', async () => {
  await using client = shopClient([server.endpoint]);
  const [one, two] = [reports(), reports()];
  const owned = one.next();
  const first = client.lock('twice', one.listener);
  assert.equal(await owned, true);
  using _second = client.lock('twice', two.listener);
  assert.deepEqual(two.seen, [true]);
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  await client.transact([client.operations.assert('twice')]);

  const lost = two.next();
  await server.kill();
  assert.equal(await lost, false);
  const again = two.next();
  await server.restart();
  assert.equal(await again, true);
  await client.transact([client.operations.assert('twice')]);
  assert.deepEqual(one.seen, [true]);
});

test('a stolen lock is reported', async () => {
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const report = reports();
  const owned = report.next();
  using _lock = client.lock('stolen', report.listener);
  await owned;
  const stolen = report.next();
  const { openSocket, parseEndpoint } = await import('./endpoint.ts');
  const { Link } = await import('./link.ts');
  const socket = await openSocket(
    parseEndpoint(server.endpoint),
    undefined,
    1000,
    new AbortController().signal,
  );
  const thief = new Link(socket, { probeIntervalMs: 0, onNotification: () => {} });
  await thief.request('steal', ['stolen'], () => undefined);
  assert.equal(await stolen, false);
  thief.close(new Error('done'));
});

test('a lock is stolen from who owns it, who gets it back when the thief lets it go', async () => {
  await using owner = shopClient([server.endpoint]);
  await using thief = shopClient([server.endpoint]);
  await Promise.all([owner.ready(), thief.ready()]);
  const [one, two] = [reports(), reports()];
  const owned = one.next();
  using _kept = owner.lock('prey', one.listener);
  await owned;
  const taking = thief.lock('prey', two.listener);
  await thief.transact([]);
  const [lost, got] = [one.next(), two.next()];
  taking.steal();
  assert.deepEqual([await lost, await got], [false, true]);
  await thief.transact([thief.operations.assert('prey')]);
  await assert.rejects(owner.transact([owner.operations.assert('prey')]), NotOwnerError);
  taking.steal();
  await thief.transact([]);
  assert.deepEqual(two.seen, [true], 'what is owned is not stolen');
  const back = one.next();
  taking[Symbol.dispose]();
  assert.equal(await back, true);
  await owner.transact([owner.operations.assert('prey')]);
});
