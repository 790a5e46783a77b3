import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { becomeUser, ConfigError, createLogger } from '@ovenbird/server';
import { freePort, makeCertificate } from '@ovenbird/server/testing';
import { startPostgres } from '../../packages/server/src/testing/postgres.ts';
import { serve } from './serve.ts';

// A service that root starts. The user is a number that no list of the system knows, and one that it has.
const USER = 64_123;
let folder: string;
const at = (...names: readonly string[]): string => path.join(folder, ...names);

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-user-'));
  chmodSync(folder, 0o755);
  mkdirSync(at('state'));
  mkdirSync(at('program'));
  chownSync(at('state'), USER, USER);
});
after(() => rmSync(folder, { recursive: true }));

const configure = (name: string, settings: object): string => {
  const file = at(`${name}.yaml`);
  writeFileSync(file, JSON.stringify({ ml2: { mechanismDrivers: ['logger'] }, ...settings }));
  return file;
};

/** What the kernel says of a process: user, group, groups, capabilities. */
const standing = (pid: number) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const line = (name: string): readonly string[] =>
    (new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1] ?? '').trim().split(/\s+/);
  const capabilities = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'].flatMap(line);
  return { user: line('Uid'), group: line('Gid'), groups: line('Groups'), capabilities };
};
const NO_CAPABILITIES = Array(4).fill('0000000000000000');
const four = (id: number): readonly string[] => Array(4).fill(String(id));

const makeKeyPair = (): void => {
  for (const file of Object.values(makeCertificate(at('state'), 'api'))) chownSync(file, USER, USER);
};

const makeNetwork = async (port: number): Promise<unknown> => {
  const options = { method: 'POST', port, path: '/v2.0/networks', rejectUnauthorized: false };
  const [answer] = await once(request(options).end('{"network":{}}'), 'response');
  answer.resume();
  return answer.statusCode;
};

const mode = (...names: readonly string[]): string => (statSync(at(...names)).mode & 0o777).toString(8);

test('started as root it becomes the configured user for good, and its files are that user’s alone', async () => {
  makeKeyPair();
  const port = await freePort();
  const file = configure('single', {
    api: { port, tlsCertificate: at('state', 'api.crt'), tlsKey: at('state', 'api.key') },
    database: { url: `sqlite:${at('state', 'inner', 'ovenbird.db')}` },
    process: { user: String(USER) },
  });
  chmodSync(file, 0o600);
  await using service = serve(file, { installed: at('program') });
  await service.said(/"listening"/);
  assert.deepEqual(standing(service.pid), {
    user: four(USER),
    group: four(USER),
    groups: [String(USER)],
    capabilities: NO_CAPABILITIES,
  });
  assert.equal(mode('state', 'inner'), '700');
  for (const suffix of ['', '-wal', '-shm'])
    assert.equal(mode('state', 'inner', `ovenbird.db${suffix}`), '600');
  assert.equal(await makeNetwork(port), 201);
  makeKeyPair();
  await service.said(/was read again/);
  chownSync(at('state', 'api.key'), 0, 0);
  await service.said(/EACCES.*cannot be used/);
});

test('its workers are that user’s too, with the groups that the user has', async () => {
  await using server = await startPostgres();
  const uid = Number(execFileSync('id', ['-u', 'postgres']));
  const gid = Number(execFileSync('id', ['-g', 'postgres']));
  const groups = String(execFileSync('id', ['-G', 'postgres']))
    .trim()
    .split(/\s+/)
    .toSorted();
  const file = configure('workers', {
    api: { port: await freePort() },
    database: { url: await server.createDatabase() },
    process: { user: 'postgres' },
  });
  await using service = serve(file, {
    environment: { XDG_CACHE_HOME: at('cache') },
    more: ['--workers', '2'],
    installed: at('program'),
  });
  await service.said(/"listening"(.|\n)*"listening"/);
  const children = readFileSync(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  assert.equal(children.length, 2);
  for (const pid of [service.pid, ...children.map(Number)]) {
    const { user, group, capabilities, ...rest } = standing(pid);
    assert.deepEqual(
      { user, group, capabilities },
      { user: four(uid), group: four(gid), capabilities: NO_CAPABILITIES },
    );
    assert.deepEqual(rest.groups.toSorted(), groups);
  }
});

test('it says that it stays root, and takes neither root nor a user that is none', () => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'warn', destination: { write: (line) => lines.push(line) } });
  const umask = process.umask();
  becomeUser({ user: '', group: '' }, logger);
  assert.match(lines.join(''), /runs as root/);
  assert.equal(process.umask(umask), 0o077);
  for (const [user, reason] of [
    ['root', /^process\.user must not be root$/],
    ['0', /^process\.user must not be root$/],
    ['ovenbird-nobody', /^process\.user, process\.group: .*ovenbird-nobody/],
  ] as const)
    assert.throws(
      () => becomeUser({ user, group: '' }, logger),
      (error) => error instanceof ConfigError && reason.test(error.message),
    );
  assert.equal(process.getuid?.(), 0);
});
