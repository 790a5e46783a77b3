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
/** Set for a process that is not to be started once more for the sake of compiled code. */
const COMPILED = 'NODE_COMPILED_BEFORE';

/** Folder of compiled code. */
const compiledCode = (): string =>
  path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'ovenbird', 'compiled');

/** Whether the compiler of TypeScript is in this process. Node tells by the names of its own modules, or not at all. */
const hasCompiler = (): boolean => {
  const loaded: unknown = Reflect.get(process, 'moduleLoadList');
  return Array.isArray(loaded) && loaded.some((name) => String(name).includes('deps/amaro'));
};

/**
 * Go on as a process with little memory: the same process id, terminal and arguments, with the settings above.
 * Where that cannot be (another platform, a parent that talks to us by IPC) this process goes on as it is.
 *
 * Code comes compiled from a cache, which saves the time and the 25 MB that the compiler of TypeScript takes. A process that
 * had to compile, because there was no cache yet or the code is another one, fills it, and the next one is lean.
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
  const again = hasCompiler() && process.env[COMPILED] === undefined;
  if (!replaceable || (lean && !again)) return;
  const given = [...(lean ? [] : FLAGS), ...process.execArgv, ...process.argv.slice(1)];
  const environment = {
    ...MALLOC,
    // From its first module on: what is loaded before the cache is there is compiled each time.
    NODE_COMPILE_CACHE: compiledCode(),
    ...process.env,
    ...(lean ? { [COMPILED]: '1' } : {}),
  };
  process.execve?.(process.execPath, [process.execPath, ...given], environment);
};
