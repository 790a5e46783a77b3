import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { loadConfig } from '../../config/config.ts';
import { openDatabase } from '../../db/open.ts';
import { examineFiles } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'ovenbird-files-'));
after(() => rmSync(folder, { recursive: true }));

it('tells of keys and databases that everybody on the host may read, and of no others', async () => {
  const [key, database, absent] = ['api.key', 'state/ovenbird.db', 'absent.key'].map((name) =>
    join(folder, name),
  );
  assert.ok(key !== undefined && database !== undefined && absent !== undefined);
  writeFileSync(key, 'secret', { mode: 0o640 });
  await using _open = await openDatabase({ url: `sqlite:${database}` });
  const config = loadConfig({
    file: { api: { tlsKey: key }, ovn: { privateKey: absent }, database: { url: `sqlite:${database}` } },
  });
  const findings = () => Array.fromAsync(examineFiles(config));
  assert.deepEqual(await findings(), [{ check: 'files', status: 'ok', detail: 'looked at 4 private files' }]);
  for (const path of [key, `${database}-wal`]) chmodSync(path, 0o644);
  const warnings = (await findings()).filter(({ status }) => status === 'warning');
  assert.deepEqual(
    warnings.map(({ detail }) => detail.split(' ')[0]),
    [key, `${database}-wal`],
  );
});
