import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type FuzzTarget, startFuzzTarget } from './target.ts';

let folder: string;
let target: FuzzTarget;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovenbird-fuzz-'));
  target = await startFuzzTarget(join(folder, 'fuzz.db'));
});
after(async () => {
  await target[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test('3,000 random requests find nothing wrong', async () => {
  const { findings, statuses } = await target.fuzz({ requests: 3_000, seed: 7 });
  assert.equal(findings.length, 0, JSON.stringify(findings.slice(0, 5), undefined, 2));
  for (const status of [200, 201, 204, 400, 403, 404, 405, 409])
    assert.ok((statuses.get(status) ?? 0) > 0, `nothing was answered ${status}`);
  for (const line of target.log) assert.notEqual(JSON.parse(line).msg, 'forged');
  assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
});
