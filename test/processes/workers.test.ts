import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, it } from 'node:test';
import { tryCommand, until } from '@ovenbird/server';
import { type Cluster, startCluster } from './cluster.ts';
import { Answers, SpreadClient } from './requests.ts';

let cluster: Cluster;
before(async () => {
  cluster = await startCluster(1, { arguments: ['--workers', '2'] });
});
after(() => cluster[Symbol.asyncDispose]());

/** Processes whose parent this one is. */
const childrenOf = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => parentOf(child) === pid);

const parentOf = (pid: number): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
};

const member = () => {
  const [only] = cluster.members;
  assert.ok(only);
  return only;
};

/** A page, by a connection of its own: the workers take turns. */
const page = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => void text(response).then(resolve, reject)).once('error', reject);
  });

it('shows the figures of all workers, whichever is asked', async () => {
  const { url } = member();
  for (let index = 0; index < 10; index += 1) await page(`${url}/healthcheck`);
  for (let index = 0; index < 4; index += 1) {
    const figures = await page(`${url}/metrics`);
    const count = /http_request_seconds_count\{[^}]*route="\/healthcheck"[^}]*\} (\d+)/.exec(figures);
    assert.equal(Number(count?.[1]), 10);
    assert.match(figures, /^ovenbird_journal_objects 0$/m);
  }
});

it('runs two workers on one socket and replaces one that is killed', async () => {
  const { url, pid } = member();
  const [first, second] = childrenOf(pid);
  assert.ok(first !== undefined && second !== undefined);
  process.kill(first, 'SIGKILL');
  const answers = new Answers();
  const client = new SpreadClient(() => [url], answers);
  await until('another worker', () => {
    const now = childrenOf(pid);
    return now.length === 2 && !now.includes(first) && now.includes(second);
  });
  for (let index = 0; index < 20; index += 1) await client.send('POST', 'networks', { network: {} });
  assert.deepEqual(answers.failures, []);
  assert.deepEqual(await cluster.drift(), []);
});

it('leaves no worker when its first process is killed', async () => {
  const { pid, ended } = member();
  const workers = childrenOf(pid);
  assert.equal(workers.length, 2);
  member().kill('SIGKILL');
  await ended;
  await until('end of the workers', () => workers.every((worker) => parentOf(worker) === undefined));
});

it('ends all workers when told, and answers requests under way', async () => {
  const { url, pid, kill, ended } = await cluster.grow();
  const workers = childrenOf(pid);
  const answers = new Answers();
  const client = new SpreadClient(() => [url], answers);
  const under = Array.from({ length: 8 }, () => client.send('POST', 'networks', { network: {} }));
  await until('requests', () => answers.statuses.size > 0);
  const told = performance.now();
  kill('SIGTERM');
  await Promise.all(under);
  await ended;
  // By themselves, long before patience with them ends.
  assert.ok(performance.now() - told < 10_000);
  assert.deepEqual(answers.failures, []);
  assert.ok(workers.every((worker) => parentOf(worker) === undefined));
});

it('refuses several workers on SQLite', async () => {
  const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');
  const { code, stderr } = await tryCommand([process.execPath, main, 'serve', '--workers', '2']);
  assert.equal(code, 1);
  assert.match(stderr, /needs PostgreSQL/);
});
