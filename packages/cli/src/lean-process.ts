import { existsSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';

/**
 * What a process of ours is started with, because it cannot be set later. Without it V8 lets the old generation grow to
 * several times what lives in it before it collects. One arena of malloc is enough for one busy thread.
 *
 * No signal must open a debugger to everybody on the host.
 */
const FLAGS = ['--max-semi-space-size=16', '--heap-growing-percent=30', '--disable-sigusr1'];
const MALLOC = { MALLOC_ARENA_MAX: '1' };

/** Folder of compiled code. */
export const compiledCode = (): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'ovenbird', 'compiled');

/**
 * Go on as a process with little memory: the same process id, terminal and arguments, with the settings above.
 * Where that cannot be (another platform, a parent that talks to us by IPC) this process goes on as it is.
 *
 * Code comes compiled from a cache, which saves the time and the 25 MB that the compiler of TypeScript takes. When there
 * is no cache yet, this process fills it and the next one is lean already.
 *
 * @param load imports everything that the program is made of, and runs nothing
 */
export const becomeLean = async (load: () => Promise<unknown>): Promise<void> => {
  // A report of a crash must not tell the environment, where secrets may be.
  process.report.excludeEnv = true;
  const lean = FLAGS.every((flag) => process.execArgv.includes(flag));
  const replaceable = process.execve !== undefined && process.send === undefined;
  const cold = !existsSync(compiledCode());
  enableCompileCache(compiledCode());
  if (cold || lean || !replaceable) {
    await load();
    flushCompileCache();
  }
  if (lean || !replaceable) return;
  const given = [...FLAGS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve?.(process.execPath, [process.execPath, ...given], { ...MALLOC, ...process.env });
};
