import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const root = path.resolve(import.meta.dirname, '../..');
const main = path.join(root, 'packages/cli/src/main.ts');

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

export interface ServeOptions {
  readonly environment?: { readonly [name: string]: string };
  /** More arguments. */
  readonly more?: readonly string[];
  readonly cwd?: string;
  /** Folder at which it sees the program: one that every user gets to, as packages put it. By default where it is. */
  readonly installed?: string;
}

/** The program and what comes before it; the process keeps its id. */
const commandOf = (installed: string | undefined): readonly [string, ...string[]] => {
  if (installed === undefined) return [process.execPath, main];
  const at = (file: string) =>
    file.startsWith(root) ? path.join(installed, path.relative(root, file)) : file;
  const seen = 'mount --bind "$1" "$2"; shift 2; exec "$@"';
  return ['unshare', '-m', 'sh', '-ec', seen, 'sh', root, installed, at(process.execPath), at(main)];
};

/** Run the service with a configuration file. */
export const serve = (
  file: string,
  { environment = {}, more = [], cwd = process.cwd(), installed }: ServeOptions = {},
): Served => {
  const [command, ...before] = commandOf(installed);
  const child = spawn(command, [...before, 'serve', '--config', file, ...more], {
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
