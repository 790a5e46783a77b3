import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createChecks } from './checks.ts';

test('goes on after what failed, and tells what went wrong and where', async () => {
  const lines: string[] = [];
  const checks = createChecks((line) => lines.push(line), new AbortController().signal);
  assert.equal(await checks.try('first', async () => {}), true);
  assert.equal(await checks.try('second', () => Promise.reject(new Error('no\nreally'))), false);
  assert.deepEqual(
    checks.outcomes.map(({ name, trouble }) => [name, trouble]),
    [
      ['first', undefined],
      ['second', 'no\nreally'],
    ],
  );
  assert.match(lines[0] ?? '', /^ok +\d+\.\d s {2}first$/);
  assert.match(lines[1] ?? '', /^FAIL +\d+\.\d s {2}second\n +no\n +really$/);
});

test('a run that is stopped tries nothing more, and blames nothing for it', async () => {
  const stop = new AbortController();
  const checks = createChecks(() => {}, stop.signal);
  const work = async (): Promise<void> => {
    stop.abort(new Error('stopped'));
    throw new Error('killed');
  };
  await assert.rejects(checks.try('first', work), /stopped/);
  await assert.rejects(
    checks.try('second', async () => {}),
    /stopped/,
  );
  assert.deepEqual(checks.outcomes, []);
});
