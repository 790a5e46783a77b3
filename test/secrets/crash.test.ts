import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { freePort } from '@ovenbird/server/testing';
import { type Served, serve } from './serve.ts';

// What a service leaves behind that dies of a fault: everything that it said, and every file that it wrote.
const IN_ENVIRONMENT = 'environment-password-3c71';
const IN_FILE = 'file-password-90ab';
const IN_CONFIGURATION = 'configuration-password-e5d2';
const INSPECTOR = 9229;
const FAULT = "process.on('SIGWINCH', () => { throw new Error('planted'); });";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-crash-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string): string => path.join(folder, name);

const start = async (): Promise<Served> => {
  const settings = {
    api: { port: await freePort() },
    log: { level: 'trace' },
    database: { url: `sqlite:${at('ovenbird.db')}` },
    identity: { driver: 'keystone', url: `http://ovn:${IN_CONFIGURATION}@127.0.0.1:1/v3` },
    ml2: { mechanismDrivers: ['logger'] },
  };
  writeFileSync(at('ovenbird.yaml'), JSON.stringify(settings), { mode: 0o600 });
  writeFileSync(at('fault.mjs'), FAULT);
  writeFileSync(at('password'), `${IN_FILE}\n`, { mode: 0o600 });
  const environment = {
    OVENBIRD_IDENTITY_PASSWORD_FILE: at('password'),
    OVENBIRD_OVN_PRIVATE_KEY: IN_ENVIRONMENT,
    NODE_OPTIONS: `--report-uncaught-exception --report-on-fatalerror --report-directory=${folder} --import=${at('fault.mjs')}`,
  };
  return serve(at('ovenbird.yaml'), { environment, cwd: folder });
};

/** Everything that a run left in files, but those that hold the secrets for it. */
const left = (): string =>
  readdirSync(folder)
    .filter((name) => name !== 'ovenbird.yaml' && name !== 'password')
    .map((name) => readFileSync(path.join(folder, name), 'latin1'))
    .join('\n');

const noSecret = (place: string, text: string): void => {
  for (const secret of [IN_ENVIRONMENT, IN_FILE, IN_CONFIGURATION])
    assert.equal(text.includes(secret), false, `${place} holds ${secret}`);
};

test('an exception that nobody caught writes a report and no secret', async () => {
  await using service = await start();
  await service.said(/"listening"/);
  process.kill(service.pid, 'SIGWINCH');
  await service.said(/Error: planted/);
  await service.ended;
  assert.ok(
    readdirSync(folder).some((name) => /^report\..*\.json$/.test(name)),
    'a report was written',
  );
  noSecret('output', service.output());
  noSecret('a file', left());
});

test('a crash of the runtime leaves no secret, and no signal opens a debugger', async () => {
  await using service = await start();
  await service.said(/"listening"/);
  process.kill(service.pid, 'SIGUSR1');
  await assert.rejects(fetch(`http://127.0.0.1:${INSPECTOR}/json`));
  process.kill(service.pid, 'SIGSEGV');
  assert.deepEqual(await service.ended, [null, 'SIGSEGV']);
  noSecret('output', service.output());
  assert.doesNotMatch(service.output(), /Debugger listening/);
  noSecret('a file', left());
});
