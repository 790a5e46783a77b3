// Runs every test of the repository: those beside the code first, then those of whole stacks. Arguments are parts of file
// names to run only those (`npm test -- packets`). Prints a line per file, failures in full, and at the end
// `N passed, N failed, N skipped`.
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { sharePostgres } from '@ovenbird/server/testing';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Groups in the order they run; files of a group run `concurrency` at a time, each in a process of its own. */
const groups = [
  {
    patterns: ['packages/*/src/**/*.test.ts', 'packages/*/test/**/*.test.ts', 'packages/*/*.test.ts'],
    concurrency: 2,
  },
  { patterns: ['{scripts,bench,conformance,compare}/**/*.test.ts', 'test/*.test.ts'], concurrency: 2 },
  {
    patterns: [
      'test/{access,arithmetic,bad-input,clients,faults,fuzz,identity,secrets}/**/*.test.ts',
      'test/ovn/!(diff-scale).test.ts',
      'test/processes/membership.test.ts',
    ],
    concurrency: 2,
  },
  // Packets that arrive or do not, however long they take.
  {
    patterns: [
      'test/packets/{dns,floating-ip-distributed,logs,path-mtu,provider-networks,trunks,virtual-ip}.test.ts',
      'test/packets/{routing,routing-ipv6,security,spoofing,switching,tenants}.test.ts',
    ],
    concurrency: 2,
  },
  // What is left measures rates and times, or breaks things: one at a time.
  { patterns: ['test/*/**/*.test.ts'], concurrency: 1 },
];

/** Files that take longest, longest first: each starts before the others of its group, so that none is left alone at its end. */
const long = [
  'access/matrix',
  'clients/openstack-cli',
  'ovn/diff-and-repair',
  'packets/security',
  'faults/faults',
  'ovn/doctor',
  'identity/keystone',
  'secrets/user',
  'faults/everywhere/sample',
  'commands/lab',
  'ovn/gateways',
  'processes/membership',
  'commands/policy',
  'test/check',
].map((name) => `${name}.test.ts`);

const root = path.resolve(import.meta.dirname, '..');
const wanted = process.argv.slice(2);
const testTimeoutMs = 300_000;

/** Place of a file among those of its group: long ones first. */
const place = (file: string): number => {
  const found = long.findIndex((name) => file.endsWith(name));
  return found === -1 ? long.length : found;
};

/** Files of earlier groups. */
const taken = new Set<string>();

function filesOf(patterns: readonly string[]): string[] {
  const files = globSync([...patterns], { cwd: root, exclude: (name) => name === 'node_modules' });
  const chosen = files
    .filter((file) => !taken.has(file))
    .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)));
  for (const file of files) taken.add(file);
  return chosen.sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)).map((file) => path.join(root, file));
}

/** Run files; adds to `counts`. Resolves when all have ended. */
async function runFiles(files: string[], concurrency: number, counts: Counts): Promise<void> {
  const output = new Map<string, string>();
  const note = (file: string | undefined, text: string): void => {
    if (file !== undefined) output.set(file, (output.get(file) ?? '') + text);
  };
  const execArgv = ['--import', path.join(import.meta.dirname, 'test-end.ts')];
  const { signal } = stop;
  const stream = run({ files, concurrency, timeout: testTimeoutMs, cwd: root, execArgv, signal });
  stream.on('test:stdout', (data) => note(data.file, data.message));
  stream.on('test:stderr', (data) => note(data.file, data.message));
  stream.on('test:fail', (data) => {
    if (data.details.type === 'suite' && failedBelow(data.details.error)) return;
    const where = data.file ? `${path.relative(root, data.file)}:${data.line ?? ''}` : '';
    note(
      data.file,
      `✖ ${data.name} (${where})\n${explain(data.details.error.cause ?? data.details.error)}\n`,
    );
  });
  stream.on('test:summary', (data) => {
    const { tests, passed, skipped, todo } = data.counts;
    if (data.file === undefined) {
      counts.passed += passed;
      counts.failed += tests - passed - skipped - todo;
      counts.skipped += skipped + todo;
      return;
    }
    const seconds = (data.duration_ms / 1000).toFixed(1);
    console.log(
      `${data.success ? '✔' : '✖'} ${path.relative(root, data.file)} (${passed} tests, ${seconds} s)`,
    );
    if (!data.success) console.log((output.get(data.file) ?? '').trimEnd());
    output.delete(data.file);
  });
  for await (const _event of stream) {
    // read to the end: the listeners above do the work
  }
  for (const left of output.values()) if (left.includes('✖')) console.log(left.trimEnd());
}

/** What went wrong, with its causes, without the properties that repeat the message. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  const text = error.stack ?? String(error);
  return error.cause === undefined ? text : `${text}\ncaused by ${explain(error.cause)}`;
}

/** Whether a suite failed only because something in it did, which is told by itself. */
function failedBelow(error: Error): boolean {
  return 'failureType' in error && error.failureType === 'subtestsFailed';
}

/**
 * Let every process below this one keep its files in one folder, which is removed with all in it when disposed: of what is
 * killed nobody else cleans up. Code that one of them has compiled is there for the others.
 */
function shareFolder(): Disposable {
  // A short name: paths of sockets below it may not be long.
  const folder = mkdtempSync(path.join(tmpdir(), 'ovb-'));
  // PostgreSQL, and tests that drop root, go through it as another user.
  chmodSync(folder, 0o711);
  process.env.TMPDIR = folder;
  process.env.NODE_COMPILE_CACHE = path.join(folder, 'compiled');
  return { [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Told by a signal to stop: the files under way are ended, no other starts, and what they made is removed. */
const stop = new AbortController();
for (const name of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    process.exitCode = 128 + constants.signals[name];
    stop.abort();
  });

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
// One for all files; a file that is run by itself starts its own.
using _folder = shareFolder();
await using _server = await sharePostgres();
for (const { patterns, concurrency } of groups) {
  const files = filesOf(patterns);
  if (files.length > 0 && !stop.signal.aborted) await runFiles(files, concurrency, counts);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode ??= counts.failed > 0 || counts.passed === 0 ? 1 : 0;
