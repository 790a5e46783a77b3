import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OvsdbClient } from '../contract.ts';
import type { ShopTables } from '../testing/fixtures/shop.generated.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { type OvsdbServerProcess, startOvsdbCluster, type TestCluster } from '../testing/index.ts';
import { startWire, type Wire } from '../testing/proxy.ts';
import { UnknownOutcomeError } from '../wire/errors.ts';

/** Time for a client to be at work again once there is a leader that it can reach. Milliseconds. */
const FOLLOW_MS = 2_000;
const PROBE_MS = 500;

let cluster: TestCluster;
let wires: readonly Wire[];

before(async () => {
  cluster = await startOvsdbCluster({ schemaFile: shopFile, size: 3 });
  wires = await Promise.all(cluster.servers.map((each) => startWire(each.endpoint.slice('unix:'.length))));
});

after(async () => {
  for (const wire of wires) await wire[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const isLeader = async (server: OvsdbServerProcess): Promise<boolean> =>
  /^Role: leader$/m.test(await server.control('cluster/status', 'Shop'));

/** Resolves with the time at which one of these leads. */
async function leaderAmong(servers: readonly OvsdbServerProcess[]): Promise<number> {
  for (;;) {
    for (const server of servers) if (server.running && (await isLeader(server))) return performance.now();
    await sleep(10);
  }
}

/** What became of rows that were asked for one after the other, without a pause. */
class Stream {
  readonly kept: string[] = [];
  readonly refused: string[] = [];
  readonly unknown: string[] = [];
  /** Time of each success. */
  readonly times: number[] = [];

  async run(client: OvsdbClient<ShopTables>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const uuid = randomUUID();
      try {
        await client.transact([client.operations.insert('Shelf', uuid, { name: uuid })], {
          timeoutMs: 10_000,
        });
        this.kept.push(uuid);
        this.times.push(performance.now());
      } catch (error) {
        (error instanceof UnknownOutcomeError ? this.unknown : this.refused).push(uuid);
        await sleep(5);
      }
    }
  }
}

/**
 * Break the leader during a stream of transactions, and mend it. The client is back within the limit of a leader being
 * there, what was acknowledged is there, what was refused is not, and only a transaction in flight is unknown. The leader
 * may lead on when it `stays`.
 */
async function survives(
  breakIt: (leader: OvsdbServerProcess, wire: Wire) => Promise<() => Promise<void>>,
  { stays = false } = {},
) {
  await leaderAmong(cluster.servers);
  await using client = shopClient(
    wires.map((wire) => wire.endpoint),
    { probeIntervalMs: PROBE_MS },
  );
  await client.ready();
  const stream = new Stream();
  const stop = new AbortController();
  const streaming = stream.run(client, stop.signal);
  while (stream.kept.length <= 10) await sleep(20);
  const following = () => stream.times.find((time) => time > from);
  let from = Number.POSITIVE_INFINITY;
  try {
    const leader = await cluster.leader();
    const wire = wires[cluster.servers.indexOf(leader)];
    assert.ok(wire);
    const broken = performance.now();
    const mend = await breakIt(leader, wire);
    const able = cluster.servers.filter((server) => stays || server !== leader);
    const led = await Promise.race([leaderAmong(able), sleep(20_000, Number.NaN, { ref: false })]);
    from = Math.max(led, broken);
    while (following() === undefined && performance.now() < from + 10_000) await sleep(20);
    await mend();
  } finally {
    stop.abort();
    await streaming;
  }
  const followed = following() ?? Number.NaN;
  assert.ok(followed - from < FOLLOW_MS, `followed after ${followed - from} ms`);
  const { operations } = client;
  await client.ready();
  await client.transact([operations.comment('look')]);
  const there = (uuid: string) => client.replica.Shelf.get(uuid) !== undefined;
  assert.ok(stream.kept.every(there));
  assert.ok(!stream.refused.some(there));
  assert.ok(stream.unknown.length <= 2, `${stream.unknown.length} of unknown outcome`);
}

test('a leader that is killed under load', () =>
  survives(async (leader) => {
    await leader.kill();
    return () => leader.start();
  }));

test('a leader that is paused under load', () =>
  survives(async (leader) => {
    leader.pause();
    return async () => leader.resume();
  }));

test('a leader that hands its office over', () =>
  survives(async (leader) => {
    await leader.control('cluster/failure-test', 'transfer-leadership');
    return async () => {};
  }));

test('a leader that compacts its database', async () => {
  await using client = shopClient(cluster.endpoints, { probeIntervalMs: PROBE_MS });
  await client.ready();
  const stream = new Stream();
  const stop = new AbortController();
  const streaming = stream.run(client, stop.signal);
  const leader = await cluster.leader();
  for (let round = 0; round < 5; round += 1) await leader.control('ovsdb-server/compact');
  stop.abort();
  await streaming;
  assert.ok(stream.kept.every((uuid) => client.replica.Shelf.get(uuid) !== undefined));
});

test('a wire to the leader that carries nothing any more', async () => {
  await survives(async (leader, wire) => {
    wire.cut();
    // The cluster itself is sound: the one office changes hands so that there is a leader to reach.
    await leader.control('cluster/failure-test', 'transfer-leadership');
    return async () => wire.mend();
  });
});

test('a leader that is lost with its file and joins again with nothing', () =>
  survives(async (leader) => {
    await leader.kill();
    await leader.start();
    await cluster.replace(leader);
    return async () => {};
  }));

test('a database that is converted to another schema under load', () => {
  const convert = async (): Promise<() => Promise<void>> => {
    const schema = await readFile(shopFile, 'utf8');
    await cluster.convert(schema.replace(/"version": "[^"]*"/, '"version": "9.9.9"'));
    return () => cluster.convert(schema);
  };
  return survives(convert, { stays: true });
});

test('a cluster that is lost with all files and starts with nothing', async () => {
  await using client = shopClient(cluster.endpoints, { probeIntervalMs: PROBE_MS });
  await client.ready();
  const { operations } = client;
  await client.transact([operations.insert('Shelf', randomUUID(), { name: 'lost' })]);
  assert.ok(client.replica.Shelf.size > 0);
  await cluster.empty();
  const from = await leaderAmong(cluster.servers);
  await client.ready();
  const kept = randomUUID();
  await client.transact([operations.insert('Shelf', kept, { name: 'kept' })]);
  assert.ok(performance.now() - from < FOLLOW_MS);
  assert.deepEqual(
    [...client.replica.Shelf.rows()].map((row) => row._uuid),
    [kept],
  );
});
