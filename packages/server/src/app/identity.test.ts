import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../config/config.ts';
import { systemClock } from '../core/clock.ts';
import { createLogger } from '../core/logger.ts';
import { createIdentityDriver } from './identity.ts';

test('the lab identity service is called what it is where others than this host reach the API', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ovenbird-identity-'));
  const path = join(directory, 'identity.sqlite');
  const warnings = async (host: string): Promise<readonly string[]> => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const config = loadConfig({ file: { api: { host }, identity: { driver: 'lab', path } } });
    await using _ = createIdentityDriver(config, createLogger({ level: 'warn', destination }), systemClock);
    return lines;
  };
  try {
    for (const host of ['127.0.0.1', '127.8.8.8', '::1', 'localhost'])
      assert.deepEqual(await warnings(host), [], host);
    for (const host of ['0.0.0.0', '::', '192.0.2.1', 'api.example'])
      assert.match((await warnings(host)).join(''), /"host":".+NOT FOR PRODUCTION/, host);
  } finally {
    await rm(directory, { recursive: true });
  }
});
