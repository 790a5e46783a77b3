import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { until } from '@ovenbird/server';
import { freePort } from '@ovenbird/server/testing';

const root = path.resolve(import.meta.dirname, '..');
const unit = path.join(root, 'packaging/ovenbird.service');
const main = path.join(root, 'packages/cli/src/main.ts');
/** Tenths; systemd calls anything up to 20 well protected. */
const MOST_EXPOSED = 20;
const USER = 64_124;

let folder: string;
before(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-unit-'));
});
after(() => rmSync(folder, { recursive: true }));

test('systemd understands the unit and finds it well protected', () => {
  const options = { encoding: 'utf8' } as const;
  const copy = path.join(folder, 'ovenbird.service');
  writeFileSync(copy, readFileSync(unit, 'utf8').replaceAll('/usr/bin/ovenbird', process.execPath));
  const verified = spawnSync('systemd-analyze', ['verify', copy], options);
  // Units of this machine may have faults of their own.
  const ours = `${verified.stdout}${verified.stderr}`.split('\n').filter((line) => line.includes('ovenbird'));
  assert.deepEqual(ours, []);
  const rating = ['security', '--offline=yes', `--threshold=${MOST_EXPOSED}`];
  const rated = spawnSync('systemd-analyze', [...rating, unit], options);
  assert.equal(rated.status, 0, rated.stdout);
  const open = path.join(folder, 'open.service');
  writeFileSync(open, '[Service]\nExecStart=/bin/true\n');
  assert.notEqual(spawnSync('systemd-analyze', [...rating, open], options).status, 0);
});

/**
 * What the unit asks of systemd, by other means: nothing but the state can be written, no capability, no way back. The
 * program is where everybody gets to it, as packages put it, wherever this copy of it is.
 */
const sandbox = `set -e
mount --make-rprivate /
mount --bind "$STATE" "$STATE"
mount --bind "$SOURCE" "$PROGRAM"
findmnt -rno TARGET | while read -r each; do
  case $each in "$STATE" | /proc* | /sys* | /dev*) ;; *) mount -o remount,bind,ro "$each" ;; esac
done
cd "$STATE"
exec setpriv --reuid=${USER} --regid=${USER} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
`;

test('it serves with nothing but its state to write, no capability and no way to get one', async () => {
  const state = path.join(folder, 'state');
  mkdirSync(state);
  chownSync(state, USER, USER);
  chmodSync(folder, 0o755);
  const port = await freePort();
  const config = path.join(folder, 'ovenbird.yaml');
  const settings = { database: { url: 'sqlite:ovenbird.db' }, ml2: { mechanismDrivers: ['logger'] } };
  writeFileSync(config, JSON.stringify({ api: { port }, ...settings }));
  const program = path.join(folder, 'program');
  mkdirSync(program);
  const env = { ...process.env, STATE: state, SOURCE: root, PROGRAM: program, XDG_CACHE_HOME: state };
  const installed = (file: string) =>
    file.startsWith(root) ? path.join(program, path.relative(root, file)) : file;
  const inside = (...command: readonly string[]) => ['-m', 'sh', '-c', sandbox, 'sh', ...command];
  const own = path.join(folder, 'own');
  writeFileSync(own, '');
  chownSync(own, USER, USER);
  for (const file of [own, '/var/tmp/ovenbird-written']) {
    const written = spawnSync('unshare', inside('touch', file), { env, encoding: 'utf8' });
    assert.match(written.stderr, /Read-only file system/, file);
  }
  const command = [installed(process.execPath), installed(main), 'serve', '--config', config];
  const child = spawn('unshare', inside(...command), { env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    const url = `http://127.0.0.1:${port}`;
    await until('ready', async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200, {
      timeoutMs: 60_000,
    });
    const made = await fetch(`${url}/v2.0/networks`, { method: 'POST', body: '{"network":{}}' });
    assert.equal(made.status, 201);
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    for (const line of ['CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      assert.match(status, new RegExp(`^${line}:\\t0+$`, 'm'));
    assert.match(status, /^NoNewPrivs:\t1$/m);
    assert.equal(
      execFileSync('stat', ['-c', '%u %a', path.join(state, 'ovenbird.db')], { encoding: 'utf8' }),
      `${USER} 600\n`,
    );
  } finally {
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  }
});
