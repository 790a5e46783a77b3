import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const main = path.resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** A running `ovenbird serve`, and everything that it said. */
export interface Served extends AsyncDisposable {
  readonly pid: number;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<readonly unknown[]>;
  output(): string;
  /** What `ps` shows of it. */
  commandLine(): string;
  /** Resolves once the output holds that. */
  said(what: RegExp): Promise<void>;
}

const PATIENCE = 60_000;

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
};

/** In: the configuration file, variables of the environment, more arguments, and where it runs. */
export const serve = (
  file: string,
  environment: { readonly [name: string]: string } = {},
  more: readonly string[] = [],
  cwd = process.cwd(),
): Served => {
  const child = spawn(process.execPath, [main, 'serve', '--config', file, ...more], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
  });
  const ended = once(child, 'close');
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
  return {
    pid: child.pid ?? assert.fail('not started'),
    ended,
    output: () => text,
    commandLine: () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8'),
    async said(what) {
      const until = performance.now() + PATIENCE;
      while (!what.test(text)) {
        if (performance.now() > until) throw new Error(`${what} was not said:\n${text}`);
        await pause(100);
      }
    },
    [Symbol.asyncDispose]: () => stop(child),
  };
};
