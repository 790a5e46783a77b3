import { execFile } from 'node:child_process';
import { constants } from 'node:os';

/** What a finished program wrote and how it ended; 128 + signal number when a signal ended it. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program ended with something else than 0. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly result: CommandResult;
  constructor(command: readonly string[], result: CommandResult) {
    const said = (result.stderr || result.stdout).trim();
    super(`\`${command.join(' ')}\` ended with ${result.code}${said ? `: ${said}` : ''}`);
    this.result = result;
  }
}

export interface CommandOptions {
  /** Added to the environment of this process. */
  readonly env?: { readonly [name: string]: string };
  /** The program is killed after this long. Default 30,000 ms. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Text given to standard input. */
  readonly input?: string;
}

/** Environment for system programs: this process's, with Debian's programs found first and nobody else's Python. */
export function systemEnvironment(extra: { readonly [name: string]: string } = {}): NodeJS.ProcessEnv {
  const { PYTHONPATH: _path, PYTHONHOME: _home, VIRTUAL_ENV: _venv, ...inherited } = process.env;
  return { ...inherited, LC_ALL: 'C.UTF-8', PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...extra };
}

/** Run a program to its end, whatever its exit code. Throws when it cannot be started or `signal` aborts. */
export function tryCommand(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...rest] = command;
  if (program === undefined) throw new TypeError('empty command');
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      rest,
      {
        env: systemEnvironment(options.env),
        timeout: options.timeoutMs ?? 30_000,
        killSignal: 'SIGKILL',
        maxBuffer: 1 << 26,
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code === 'string') return reject(error);
        if (error && options.signal?.aborted) return reject(error);
        const bySignal = error?.signal ? 128 + (constants.signals[error.signal] ?? 0) : 0;
        resolve({ code: bySignal || (typeof error?.code === 'number' ? error.code : 0), stdout, stderr });
      },
    );
    child.stdin?.on('error', () => {}); // the program may end before it reads all
    child.stdin?.end(options.input ?? '');
  });
}

/** Run a program and return what it wrote to standard output. Throws {@link CommandFailed} on a non-zero exit code. */
export async function runCommand(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryCommand(command, options);
  if (result.code !== 0) throw new CommandFailed(command, result);
  return result.stdout;
}

/** Call `check` every `everyMs` until it is true. Throws an Error saying `what` after `timeoutMs`. */
export async function until(
  what: string,
  check: () => Promise<boolean> | boolean,
  {
    timeoutMs = 60_000,
    everyMs = 50,
    signal,
  }: { timeoutMs?: number; everyMs?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    signal?.throwIfAborted();
    if (performance.now() > deadline)
      throw new Error(`${what}: not within ${Math.round(timeoutMs / 1000)} s`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
