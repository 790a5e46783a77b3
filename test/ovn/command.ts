import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `ovenbird` command with a configuration file of its own. */
export interface OvenbirdCommand extends AsyncDisposable {
  /** Run it with these arguments, `--config` at the end. */
  run(...args: readonly string[]): Promise<Ended>;
}

const ended = (error: unknown): Ended => {
  if (typeof error !== 'object' || error === null) throw error;
  const { code, stdout, stderr }: { code?: unknown; stdout?: unknown; stderr?: unknown } = error;
  if (typeof code !== 'number') throw error;
  return { code, stdout: String(stdout), stderr: String(stderr) };
};

/** In: what the configuration file holds. */
export const ovenbirdCommand = async (configuration: object): Promise<OvenbirdCommand> => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-command-'));
  const file = path.join(folder, 'ovenbird.yaml');
  await writeFile(file, JSON.stringify(configuration));
  return {
    run: (...args) =>
      run(process.execPath, [main, ...args, '--config', file], { maxBuffer: 100_000_000 }).then(
        (result) => ({ code: 0, ...result }),
        ended,
      ),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
};
