import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');
const tool = (name: string) => path.join(root, 'node_modules/.bin', name);

/** Output of a tool that found something, or undefined when it is content. */
const findings = async (command: string, args: readonly string[]): Promise<string | undefined> => {
  try {
    await run(command, [...args], { cwd: root, maxBuffer: 16 * 1024 * 1024 });
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && 'stderr' in error) {
      return `${String(error.stdout)}${String(error.stderr)}`;
    }
    throw error;
  }
};

test('every file type-checks', async () => {
  assert.equal(await findings(tool('tsc'), ['--noEmit', '-p', root]), undefined);
});

test('every file is formatted and passes the linter', async () => {
  assert.equal(await findings(tool('biome'), ['check', '--error-on-warnings', root]), undefined);
});
