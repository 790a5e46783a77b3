import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '@ovenbird/server';

const main = path.resolve(import.meta.dirname, '../main.ts');
let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-serve-'));
});
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Served {
  readonly child: ChildProcess;
  readonly url: URL;
  /** Log records so far. */
  log(): readonly { readonly [key: string]: unknown }[];
}

const write = (settings: object): string => {
  const file = path.join(folder, 'ovenbird.yaml');
  writeFileSync(file, JSON.stringify(settings));
  return file;
};

async function serve(name: string, api: object): Promise<Served> {
  const config = write({
    api: { port: 0, ...api },
    database: { url: `sqlite:${path.join(folder, `${name}.db`)}` },
    ml2: { mechanismDrivers: ['logger'] },
  });
  const child = spawn(process.execPath, [main, 'serve', '--config', config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  const log = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  running.add(child);
  child.once('exit', () => running.delete(child));
  const listening = () => log().find((line) => line.msg === 'listening');
  await until('listening', () => listening() !== undefined);
  return { child, url: new URL(String(listening()?.url)), log };
}

/** The first half of a request. `finish` sends the rest and gives the answer. */
async function begin(url: URL, body: string) {
  const socket = connect(Number(url.port), url.hostname);
  await once(socket, 'connect');
  const head = ['POST /v2.0/networks HTTP/1.1', `Host: ${url.host}`, `Content-Length: ${body.length}`];
  socket.write([...head, 'Expect: 100-continue', '', body.slice(0, 5)].join('\r\n'));
  // Told when the service works on it.
  assert.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 100 /);
  let answer = '';
  socket.on('data', (text) => {
    answer += text;
  });
  return {
    async finish() {
      socket.write(body.slice(5));
      await until('an answer', () => answer !== '');
      socket.end();
      return answer;
    },
  };
}

describe('ovenbird serve', () => {
  it('finishes the requests under way when it is told to stop, and then leaves', async () => {
    const { child, url, log } = await serve('stop', {});
    const request = await begin(url, JSON.stringify({ network: { name: 'last' } }));
    const early = await fetch(new URL('/livez', url));
    assert.equal(early.status, 200);
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await until('stopping', () => log().some((line) => line.msg === 'stopping'));
    assert.match(await request.finish(), /^HTTP\/1\.1 201 /);
    const [code, signal] = await exit;
    assert.deepEqual([code, signal], [0, null]);
    await assert.rejects(fetch(new URL('/livez', url)));
    const line = log().find((each) => each.path === '/v2.0/networks');
    assert.equal(line?.status, 201);
    assert.match(String(line?.requestId), /^req-/);
  });

  it('says that it stops for as long as it is told to, and serves meanwhile', async () => {
    const { child, url } = await serve('delay', { stopDelay: 2 });
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await until('not ready', async () => (await fetch(new URL('/readyz', url))).status === 503);
    const answer = await fetch(new URL('/v2.0/networks', url));
    assert.equal(answer.status, 200);
    assert.deepEqual(await exit, [0, null]);
  });

  it('refuses what it does not know, with the nearest name', async () => {
    const file = write({ api: { prot: 1 } });
    const child = spawn(process.execPath, [main, 'serve', '--config', file], { stdio: 'pipe' });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(said, /unknown setting api\.prot; did you mean port\?/);
  });
});
