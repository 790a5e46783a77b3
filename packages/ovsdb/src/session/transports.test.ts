import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer, type TestServer } from '../testing/index.ts';

let server: TestServer;

before(async () => {
  server = await startOvsdbServer({ schemaFile: shopFile, remotes: ['tcp', 'ssl'] });
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

for (const kind of ['tcp', 'ssl'] as const) {
  test(`${kind}: transactions and updates, also after the server was killed`, async () => {
    const tls = server.certificates?.client ?? assert.fail();
    await using client = shopClient([server.process.endpointOf(kind)], { tls });
    await client.ready();
    const op = client.operations;
    const uuid = randomUUID();
    await client.transact([op.insert('Shelf', uuid, { name: kind })]);
    assert.equal(client.replica.Shelf.get(uuid)?.name, kind);
    const lost = Promise.withResolvers<void>();
    using _listening = client.onState((state) => {
      if (state === 'connecting') lost.resolve();
    });
    await server.restart();
    await lost.promise;
    await client.ready();
    await client.transact([op.update('Shelf', [['_uuid', '==', uuid]], { level: 3 })]);
    assert.equal(client.replica.Shelf.get(uuid)?.level, 3);
  });
}

test('ssl: neither side accepts a certificate of another authority, nor none', async () => {
  const { client: good, stranger } = server.certificates ?? assert.fail();
  const endpoint = server.process.endpointOf('ssl');
  const reasons: string[] = [];
  const onLog = (_level: string, message: string, fields: Record<string, unknown>): void => {
    if (message === 'disconnected') reasons.push(String(fields.reason));
  };
  const refused = [
    { tls: stranger },
    { tls: { ...good, caCertificate: stranger.certificate } },
    { tls: { ...good, privateKey: '/nonexistent' } },
    {},
  ];
  for (const options of refused) {
    await using client = shopClient([endpoint], { ...options, onLog });
    await assert.rejects(client.ready(AbortSignal.timeout(300)), { name: 'TimeoutError' });
  }
  assert.ok(reasons.some((reason) => /certificate/.test(reason)));
  assert.ok(reasons.some((reason) => /ENOENT/.test(reason)));
  assert.ok(reasons.some((reason) => /needs private key/.test(reason)));
});

test('ssl: renewed files are taken up at the next connect, without a new client', async () => {
  const { client: good, stranger } = server.certificates ?? assert.fail();
  const folder = await mkdtemp(join(tmpdir(), 'ovsdb-tls-'));
  const file = (name: string): string => join(folder, name);
  const tls = { privateKey: file('key'), certificate: file('cert'), caCertificate: good.caCertificate };
  const install = async (from: typeof good): Promise<void> => {
    await copyFile(from.privateKey, tls.privateKey);
    await copyFile(from.certificate, tls.certificate);
  };
  try {
    await install(stranger);
    await using client = shopClient([server.process.endpointOf('ssl')], { tls });
    await assert.rejects(client.ready(AbortSignal.timeout(300)), { name: 'TimeoutError' });
    await install(good);
    await client.ready(AbortSignal.timeout(5_000));
    const uuid = randomUUID();
    await client.transact([client.operations.insert('Shelf', uuid, { name: 'renewed' })]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('an idle server is asked, and stays when it answers', async () => {
  await using client = shopClient([server.endpoint], { probeIntervalMs: 400 });
  await client.ready();
  const states: string[] = [];
  using _listening = client.onState((state) => states.push(state));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  assert.deepEqual(states, []);
  await client.transact([]);
});

test('a server that does not answer is given up, and found again', async () => {
  await using client = shopClient([server.endpoint], { probeIntervalMs: 400 });
  await client.ready();
  const lost = Promise.withResolvers<void>();
  using _listening = client.onState((state) => {
    if (state === 'connecting') lost.resolve();
  });
  server.process.pause();
  try {
    await lost.promise;
  } finally {
    server.process.resume();
  }
  await client.ready();
  await client.transact([]);
});
