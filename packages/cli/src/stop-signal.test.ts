import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { until } from '@ovenbird/server';

const module = (name: string): string => JSON.stringify(path.resolve(import.meta.dirname, name));

/** Run a program that runs another one, which makes the file `$BEGUN`, send SIGINT to both as a terminal does, and give its exit code and what it said. */
const interrupted = async (inner: string): Promise<{ readonly code: unknown; readonly said: string }> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ovenbird-stop-'));
  const begun = path.join(folder, 'begun');
  const program = `
    import { untilTold } from ${module('stop-signal.ts')};
    import { runCommand } from '@ovenbird/server';
    await untilTold(async () => {
      await runCommand(['sh', '-c', ${JSON.stringify(inner)}]);
    });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BEGUN: begun },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const ended = once(child, 'close');
  await until('the inner program', () => existsSync(begun));
  process.kill(-(child.pid ?? Number.NaN), 'SIGINT');
  const [code] = await ended;
  rmSync(folder, { recursive: true });
  return { code, said };
};

it('a program that the same Ctrl-C ended is no failure', async () => {
  assert.deepEqual(await interrupted('touch $BEGUN; exec sleep 20'), { code: 0, said: '' });
});

it('what fails by itself is told, also when somebody has asked to stop', async () => {
  const { code, said } = await interrupted(
    'trap "echo broken >&2; exit 3" INT; touch $BEGUN; while :; do sleep 0.1; done',
  );
  assert.equal(code, 1);
  assert.match(said, /ended with 3: broken/);
});
