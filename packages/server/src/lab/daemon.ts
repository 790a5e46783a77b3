import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { systemEnvironment, until } from './command.ts';
import { type ProcessRecord, type ProcessRecords, stillRuns } from './process-record.ts';

export interface DaemonOptions {
  readonly name: string;
  readonly command: readonly string[];
  /** Network namespace to run in; undefined: this process's. */
  readonly namespace?: string | undefined;
  readonly env?: { readonly [name: string]: string };
  /** Folder for the file that takes standard output and error. */
  readonly logFolder: string;
  readonly records: ProcessRecords;
  /** How long after SIGTERM it is killed. Default 5,000 ms. */
  readonly graceMs?: number;
  /**
   * Whether it takes only what others leave of the processors (SCHED_IDLE in sched(7)). It stays in this process's session
   * then, as kernels that share processors between sessions (autogroup) count that only within one: Ctrl-C reaches it.
   */
  readonly idle?: boolean;
}

/** A program that runs until disposed: SIGTERM, then SIGKILL. It is never left behind by an orderly end. */
export interface Daemon extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly running: boolean;
  /** Send a signal to this process only. */
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process is gone. */
  readonly ended: Promise<void>;
}

/** The kernel ends the program when we are killed and can no longer do it ourselves. */
const diesWithUs = ['setpriv', '--pdeathsig', 'KILL', '--'];

/** Start a program in the foreground, in a process group of its own so that Ctrl-C on the terminal does not reach it. */
export function startDaemon(options: DaemonOptions): Daemon {
  const { name, records } = options;
  const inside = options.namespace ? ['nsenter', `--net=/run/netns/${options.namespace}`] : [];
  const yielding = options.idle ? ['chrt', '--idle', '0'] : [];
  const [program, ...rest] = [...diesWithUs, ...inside, ...yielding, ...options.command];
  if (program === undefined) throw new TypeError('empty command');
  const log = openSync(path.join(options.logFolder, `${name}.out`), 'a');
  const child = spawn(program, rest, {
    env: systemEnvironment(options.env),
    stdio: ['ignore', log, log],
    detached: !options.idle,
  });
  closeSync(log);
  if (child.pid === undefined) {
    child.on('error', () => {}); // told by the throw
    throw new Error(`cannot start ${name} by ${program}`);
  }
  const { pid } = child;
  records.add(name, pid, options.command[0] ?? program);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running = false;
      records.remove(name);
      resolve();
    });
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (running) child.kill(signal);
  };
  return {
    name,
    pid,
    get running() {
      return running;
    },
    kill,
    ended,
    async [Symbol.asyncDispose]() {
      kill('SIGTERM');
      const killer = setTimeout(() => kill('SIGKILL'), options.graceMs ?? 5_000);
      await ended;
      clearTimeout(killer);
    },
  };
}

/** End a process known only by its record, of an earlier run. */
export async function endRecorded(record: ProcessRecord, graceMs = 3_000): Promise<void> {
  if (!stillRuns(record)) return;
  process.kill(record.pid, 'SIGTERM');
  try {
    await until(`end of ${record.name}`, () => !stillRuns(record), { timeoutMs: graceMs });
  } catch {
    process.kill(record.pid, 'SIGKILL');
    await until(`end of ${record.name}`, () => !stillRuns(record), { timeoutMs: 5_000 });
  }
}
