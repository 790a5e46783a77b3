import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { network, port } from '@ovenbird/api';
import { type ApiClient, createApiClient, createLabNames, namespaces, until } from '@ovenbird/server';
import { freePort } from '@ovenbird/server/testing';

const main = path.resolve(import.meta.dirname, '../main.ts');
let folder: string;
let ports: { readonly api: number; readonly identity: number };
const running = new Set<ChildProcess>();

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-cli-'));
  ports = { api: await freePort(), identity: await freePort() };
});
after(async () => {
  for (const child of running) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(folder, { recursive: true, force: true });
});

interface Run {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves with the exit code when it has ended. */
  ended(): Promise<number | null>;
}

function lab(...more: readonly string[]): Run {
  const where = ['--state', folder, '--api-port', `${ports.api}`, '--identity-port', `${ports.identity}`];
  const child = spawn(process.execPath, [main, 'lab', ...where, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (text) => {
    output += text;
  });
  child.stderr.on('data', (text) => {
    output += text;
  });
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  running.add(child);
  return { child, output: () => output, ended: () => exit };
}

async function ready(run: Run): Promise<void> {
  const isReady = (): boolean => {
    assert.ok(running.has(run.child), run.output());
    return /^ready: /m.test(run.output());
  };
  await until('ready', isReady, { timeoutMs: 60_000 });
}

async function demoMember(): Promise<ApiClient> {
  return await createApiClient({
    identityUrl: `http://127.0.0.1:${ports.identity}/v3`,
    networkUrl: `http://127.0.0.1:${ports.api}`,
    user: 'demo',
    password: readFileSync(path.join(folder, 'data/demo-password'), 'utf8'),
    project: 'demo',
  });
}

/** What a lab on `folder` has on the machine: network namespaces and processes. */
function traces(): readonly string[] {
  const processes = readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false; // it ended meanwhile
    }
  });
  return [...namespaces(createLabNames(folder).prefix), ...processes];
}

it('demonstrates the main job on two hosts, and takes everything down again', async () => {
  const run = lab('--chassis', '2');
  await ready(run);
  const output = run.output();
  for (const step of [/ all ports ACTIVE/, /by DHCP from OVN/, /bob .*: answered/, /carol .*: blocked/]) {
    assert.match(output, step);
  }
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  assert.match(last, /^ready: /);
  assert.ok(
    last.includes(`http://127.0.0.1:${ports.api}`) && last.includes(`http://127.0.0.1:${ports.identity}`),
  );
  const clouds = path.join(folder, 'clouds.yaml');
  assert.ok(output.includes(clouds));
  assert.equal(output.match(/^ {2}openstack /gm)?.length, 3);
  assert.equal(statSync(clouds).mode & 0o777, 0o600);
  const records = readdirSync(path.join(folder, 'processes'));
  assert.equal(records.length, 3 + 2 * 3 + 1, `${records}`);
  assert.ok(traces().length >= 3 + 3 + records.length);
  run.child.kill('SIGINT');
  assert.equal(await run.ended(), 0, run.output());
  assert.deepEqual(traces(), []);
});

it('goes on with its data, and is there once only', async () => {
  const run = lab('--no-demo');
  await ready(run);
  const member = await demoMember();
  const [net] = await member.list(network, { name: 'demo-net' });
  assert.ok(net);
  assert.equal((await member.list(port, { network_id: net.id })).length, 3);
  ports = { api: await freePort(), identity: await freePort() };
  const second = lab('--no-demo');
  assert.equal(await second.ended(), 1);
  assert.match(second.output(), /a lab already runs on .* \(process \d+\)/);
  run.child.kill('SIGTERM');
  assert.equal(await run.ended(), 0);
});

it('starts after kill -9', async () => {
  const killed = lab('--no-demo');
  await ready(killed);
  killed.child.kill('SIGKILL');
  await killed.ended();
  assert.notDeepEqual(traces(), []);
  const run = lab();
  await ready(run);
  assert.match(run.output(), /carol .*: blocked/);
  run.child.kill('SIGTERM');
  assert.equal(await run.ended(), 0);
  assert.deepEqual(traces(), []);
});

it('says so when a port is in use or an option makes no sense', async () => {
  const server = createServer();
  server.listen(ports.api, '127.0.0.1');
  await once(server, 'listening');
  const run = lab('--no-demo');
  assert.equal(await run.ended(), 1);
  assert.match(
    run.output(),
    new RegExp(`port ${ports.api} on 127.0.0.1 is in use; choose another with --api-port`),
  );
  server.close();
  for (const wrong of [['--chassis', '0'], ['--api-port', 'x'], ['--nonsense']]) {
    const bad = lab(...wrong);
    assert.notEqual(await bad.ended(), 0);
    assert.match(bad.output(), /error: /);
  }
});
