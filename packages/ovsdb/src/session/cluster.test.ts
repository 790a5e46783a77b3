import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { type OvsdbServerProcess, startOvsdbCluster, type TestCluster } from '../testing/index.ts';

let cluster: TestCluster;

before(async () => {
  cluster = await startOvsdbCluster({ schemaFile: shopFile, size: 3 });
});

after(async () => {
  await cluster[Symbol.asyncDispose]();
});

test('a client stays with the leader, and finds the next one', async () => {
  const connected: string[] = [];
  const resumed: unknown[] = [];
  const onLog = (_level: string, message: string, fields: Record<string, unknown>): void => {
    if (message === 'disconnected') connected.push(String(fields.reason));
    if (message === 'synchronized') resumed.push(fields.resumed);
  };
  const first = await cluster.leader();
  const followers = cluster.servers.filter((server) => server !== first).map((server) => server.endpoint);
  await using client = shopClient([...followers, first.endpoint], { onLog });
  await using anywhere = shopClient(followers, { leaderOnly: false });
  await Promise.all([client.ready(), anywhere.ready()]);
  assert.deepEqual(connected, Array(2).fill('the server is not the leader of Shop'));

  const op = client.operations;
  const [one, two] = [randomUUID(), randomUUID()];
  const seen = Promise.withResolvers<void>();
  using _listening = anywhere.onBatch(() => {
    if (anywhere.replica.Shelf.get(one) !== undefined && anywhere.replica.Shelf.get(two) !== undefined)
      seen.resolve();
  });
  await client.transact([op.insert('Shelf', one, { name: 'one' })]);
  assert.equal(client.replica.Shelf.get(one)?.name, 'one', 'the update comes before the reply here too');

  const initial = Promise.withResolvers<readonly unknown[]>();
  using _again = client.onBatch((batch) => {
    if (batch.initial) initial.resolve(batch.changes);
  });
  await first.kill();
  assert.deepEqual(await initial.promise, [], 'nothing new');
  assert.notEqual(await cluster.leader(), first);
  await client.transact([op.insert('Shelf', two, { name: 'two' })]);
  assert.deepEqual(resumed, [false, true], 'resumed on another server');
  await seen.promise;
  await anywhere.transact([anywhere.operations.update('Shelf', [['_uuid', '==', two]], { level: 2 })]);
  assert.equal(anywhere.replica.Shelf.get(two)?.level, 2);
  await first.start();
});

test('a leader that steps down is left', async () => {
  await using client = shopClient(cluster.endpoints);
  await client.ready();
  const leader = await cluster.leader();
  const again = Promise.withResolvers<void>();
  using _listening = client.onBatch((batch) => {
    if (batch.initial) again.resolve();
  });
  // A paused leader loses its office; its clients notice by the probe or when it comes back as a follower.
  leader.pause();
  const next = await otherLeader(leader);
  leader.resume();
  assert.ok(next !== undefined);
  await again.promise;
  const uuid = randomUUID();
  await client.transact([client.operations.insert('Shelf', uuid, { name: 'three' })]);
  assert.equal(client.replica.Shelf.get(uuid)?.name, 'three');
});

/** The server that leads after `paused` does not answer any more; `undefined` when there is none in 20 s. */
async function otherLeader(paused: OvsdbServerProcess): Promise<OvsdbServerProcess | undefined> {
  const others = cluster.servers.filter((server) => server !== paused && server.running);
  for (let attempt = 0; attempt < 400; attempt += 1) {
    for (const server of others) {
      if (/^Role: leader$/m.test(await server.control('cluster/status', 'Shop'))) return server;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}
