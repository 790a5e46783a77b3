import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@ovenbird/server';
import { type Cluster, startCluster } from './cluster.ts';
import { Answers, SpreadClient } from './requests.ts';

const CLIENTS = 16;
/** Requests that a member has to answer before the next thing happens to it. */
const ENOUGH = 100;
/** Seconds that a member which leaves goes on serving. */
const STOP_DELAY = 2;
/** How often the balancer asks who is ready. Milliseconds. */
const PROBE_MS = 100;

let cluster: Cluster;
before(async () => {
  cluster = await startCluster(1, { stopDelay: STOP_DELAY });
});
after(() => cluster[Symbol.asyncDispose]());

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ status, body }) => body?.cancel().then(() => status === 200) ?? false,
    () => false,
  );

/** Clients behind a balancer that knows of members only what their readiness pages say. */
class Load implements AsyncDisposable {
  readonly answers = new Answers();
  readonly #stop = new AbortController();
  readonly #running: Promise<unknown>;
  #ready: readonly string[];
  /** Ports created so far, by the member that was asked. */
  readonly created = new Map<string, number>();

  constructor(network: string, ready: readonly string[]) {
    this.#ready = ready;
    const clients = Array.from({ length: CLIENTS }, (_, index) => this.#client(network, index));
    this.#running = Promise.all([this.#balance(), ...clients]);
  }

  async #balance(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const urls = cluster.members.map(({ url }) => url);
      const ready = await Promise.all(urls.map(isReady));
      this.#ready = urls.filter((_, index) => ready[index]);
      await sleep(PROBE_MS);
    }
  }

  async #client(network: string, index: number): Promise<void> {
    for (let round = index; !this.#stop.signal.aborted; round += 1) {
      const url = this.#ready[round % this.#ready.length];
      assert.ok(url, 'nobody is ready');
      const client = new SpreadClient(() => [url], this.answers);
      const port = await client.create('ports', 'port', { network_id: network });
      this.created.set(url, (this.created.get(url) ?? 0) + 1);
      if (round % 2 === 0) await client.send('DELETE', `ports/${String(port?.id)}`);
    }
  }

  /** Wait until a member has answered this many creations more. */
  async more(url: string, count = ENOUGH): Promise<void> {
    const goal = (this.created.get(url) ?? 0) + count;
    const over = new AbortController();
    const isEnough = (): boolean => (this.created.get(url) ?? 0) >= goal;
    const options = { timeoutMs: 60_000, signal: over.signal };
    try {
      await Promise.race([until(`${count} ports by ${url}`, isEnough, options), this.#running]);
    } finally {
      over.abort();
    }
  }

  /** Let requests under way be answered. Throws when one was not. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running.catch(() => {});
  }
}

const newNetwork = async (url: string): Promise<string> => {
  const client = new SpreadClient(() => [url], new Answers());
  const network = await client.create('networks', 'network', {});
  const id = String(network?.id);
  await client.create('subnets', 'subnet', { network_id: id, ip_version: 4, cidr: '10.8.0.0/16' });
  return id;
};

/** Every request was answered 2xx, and SQL and OVN have what these answers said. */
const nothingLost = async (network: string, { answers }: Load): Promise<void> => {
  assert.deepEqual(answers.failures, []);
  const statuses = answers.statuses;
  const [row] = await cluster.sql(`select count(*) as n from ports where network_id = '${network}'`);
  assert.equal(Number(row?.n), (statuses.get(201) ?? 0) - (statuses.get(204) ?? 0));
  assert.deepEqual(await cluster.drift(), []);
};

it('no request is lost while a second process starts', async (t) => {
  const [first] = cluster.members;
  assert.ok(first);
  const network = await newNetwork(first.url);
  await using load = new Load(network, [first.url]);
  await load.more(first.url);
  const { url } = await cluster.grow();
  await load.more(url);
  await load.end();
  t.diagnostic(`created: ${[...load.created.values()].join(' and ')}`);
  await nothingLost(network, load);
});

it('no request is lost while the process that has the duties is told to stop', async (t) => {
  const [first, second] = cluster.members;
  assert.ok(first && second);
  const network = await newNetwork(first.url);
  await using load = new Load(network, [first.url, second.url]);
  await Promise.all([load.more(first.url), load.more(second.url)]);
  first.kill('SIGTERM');
  await first.ended;
  await load.more(second.url);
  await load.end();
  t.diagnostic(`created: ${[...load.created.values()].join(' and ')}`);
  await nothingLost(network, load);
});

it('no request is lost while it comes back', async () => {
  const [first, second] = cluster.members;
  assert.ok(first && second);
  const network = await newNetwork(second.url);
  await using load = new Load(network, [second.url]);
  await load.more(second.url);
  await first.start();
  await load.more(first.url);
  await load.end();
  await nothingLost(network, load);
});

it('what nobody else does is done by another process while the one that has the duties is paused', async (t) => {
  const [first, second] = cluster.members;
  assert.ok(first && second);
  const client = new SpreadClient(() => [first.url], new Answers());
  const network = String((await client.create('networks', 'network', {}))?.id);
  // The second has had the duties since the first was told to stop. No server misses it on a Unix socket.
  second.kill('SIGSTOP');
  try {
    // As a process leaves it behind that died between SQL and OVN.
    await cluster.sql(
      `insert into journal (kind, id, created_at) values ('network', '${network}', '2020-01-01T00:00:00Z')`,
    );
    const from = performance.now();
    await until('replay', async () => (await cluster.sql('select seq from journal')).length === 0, {
      timeoutMs: 20_000,
    });
    t.diagnostic(`${(performance.now() - from).toFixed()} ms`);
  } finally {
    second.kill('SIGCONT');
  }
  await client.send('DELETE', `networks/${network}`);
  const other = new SpreadClient(() => [second.url], client.answers);
  await other.create('networks', 'network', {});
  assert.deepEqual(client.answers.failures, []);
  assert.deepEqual(await cluster.drift(), []);
});
