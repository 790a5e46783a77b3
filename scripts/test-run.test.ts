import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { until } from '../packages/server/src/lab/command.ts';

it('a run of tests that is told to stop leaves nothing in the temporary directory', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-test-run-'));
  await chmod(folder, 0o755);
  const { NODE_TEST_CONTEXT: _, NODE_COMPILE_CACHE: __, ...inherited } = process.env;
  const run = spawn(process.execPath, ['scripts/test.ts', 'server/src/app.test'], {
    cwd: path.resolve(import.meta.dirname, '..'),
    env: { ...inherited, TMPDIR: folder },
    stdio: 'ignore',
  });
  const exited = once(run, 'exit');
  const made = async (): Promise<boolean> => {
    if (run.exitCode !== null) throw new Error(`it ended with ${run.exitCode}`);
    // The last one is made by a file that is under way.
    const names = (await readdir(folder, { recursive: true })).join(' ');
    return ['ovenbird-pg-', 'compiled', 'ovenbird-app-'].every((part) => names.includes(part));
  };
  try {
    await until('its folders', made, { timeoutMs: 60_000 });
    run.kill('SIGTERM');
    assert.deepEqual(await exited, [143, null]);
    assert.deepEqual(await readdir(folder), []);
  } finally {
    run.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  }
});
