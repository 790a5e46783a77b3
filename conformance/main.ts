// Runs the reference's own API suites (tempest's network tests and neutron-tempest-plugin's) against Ovenbird behind a
// real Keystone. See README.md.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { createSteps } from '../packages/cli/src/lab/steps.ts';
import { untilTold } from '../packages/cli/src/stop-signal.ts';
import { addExpected, compare, readExpected } from './expected.ts';
import { count, type TestResult } from './results.ts';
import { type CloudStack, startCloud } from './stack.ts';
import { openSuites, type Suites, suiteOf } from './suites.ts';
import { tempestConf } from './tempest-conf.ts';

interface Options {
  readonly state: string;
  readonly filter: string;
  readonly workers: number;
  readonly list: boolean;
  readonly accept: boolean;
}

const defaultState = (): string => {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state');
  return path.join(base, 'ovenbird', 'conformance');
};

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 16) throw new InvalidArgumentError('1 to 16');
  return value;
};

const steps = createSteps((line) => console.log(line));

/** Install what is missing on this machine; says why when it cannot. */
const requirePrograms = (): void => {
  const script = fileURLToPath(import.meta.resolve('../scripts/ensure.js'));
  const { status } = spawnSync(process.execPath, [script, 'conformance'], { stdio: 'inherit' });
  if (status !== 0) throw new Error('something that the suites need is missing');
};

const open = (stack: CloudStack, options: Options, signal: AbortSignal): Promise<Suites> => {
  const folder = path.join(options.state, 'suites');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'tempest.conf'), tempestConf({ ...stack, folder }), { mode: 0o600 });
  const { workers, filter } = options;
  return openSuites({ folder, workers, filter, logFolder: stack.logFolder, signal });
};

const write = (folder: string, results: readonly TestResult[]): void => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const file = (name: string, lines: readonly string[]): void =>
    writeFileSync(path.join(folder, name), lines.map((line) => `${line}\n`).join(''));
  const of = (outcome: TestResult['outcome']) => results.filter((result) => result.outcome === outcome);
  file(
    'results.txt',
    results.map(({ outcome, name }) => `${outcome} ${name}`),
  );
  // Tests of one class often fail of one cause, told once.
  file(
    'failures.txt',
    [...Map.groupBy(of('FAIL'), ({ detail }) => detail)].flatMap(([detail, failed]) => [
      ...failed.map(({ name }) => `==== ${name}`),
      `${detail}\n`,
    ]),
  );
  file(
    'skips.txt',
    of('SKIP').map(({ name, detail }) => `${name}\t${detail.split('\n').at(-1)}`),
  );
  const slowest = results.toSorted((a, b) => b.seconds - a.seconds);
  file(
    'times.txt',
    slowest.map(({ name, seconds }) => `${seconds.toFixed(3).padStart(9)} ${name}`),
  );
};

/** Print what came of it. Whether every test passed that must. */
const conclude = (results: readonly TestResult[], options: Options): boolean => {
  const groups = Map.groupBy(results, ({ name }) => suiteOf(name));
  for (const [suite, its] of [...groups, ['all', results] as const]) {
    const { ok, FAIL, SKIP } = count(its);
    console.log(`${suite}: ${ok} ok, ${FAIL} FAIL, ${SKIP} SKIP of ${its.length}`);
  }
  const filter = new RegExp(options.filter);
  const expected = readExpected().filter((name) => filter.test(name));
  const { lost, gained } = compare(expected, results);
  if (options.accept) addExpected(gained);
  for (const { name, outcome } of lost) console.log(`must pass, but ${outcome}: ${name}`);
  const kept = expected.length - lost.length;
  const more =
    gained.length === 0 ? '' : `, and ${gained.length} more${options.accept ? ' (now expected)' : ''}`;
  console.log(`${kept} of ${expected.length} tests that must pass do${more}`);
  return lost.length === 0;
};

const run = async (options: Options, signal: AbortSignal): Promise<void> => {
  process.exitCode = 1; // also of a run that is stopped
  requirePrograms();
  await using stack = await startCloud(options.state, steps);
  signal.throwIfAborted();
  const suites = await steps.step('tests found', () => open(stack, options, signal));
  if (options.list) {
    for (const name of suites.listed) console.log(name);
    process.exitCode = 0;
    return;
  }
  steps.line(`${suites.listed.length} tests, ${options.workers} at a time`);
  const results = await suites.run(({ outcome, name }) => console.log(`${outcome.padEnd(4)} ${name}`));
  const folder = path.join(options.state, 'results');
  write(folder, results);
  if (conclude(results, options)) process.exitCode = 0;
  steps.line(`results in ${folder} (${steps.elapsed()})`);
};

const program = new Command('conformance')
  .description("Run the reference's API suites against Ovenbird behind a real Keystone")
  .option('--state <dir>', 'where everything is kept', defaultState())
  .option('--filter <regex>', 'only tests whose name it matches', '')
  .option('--workers <count>', 'processes that run tests', positive, 2)
  .option('--list', 'print the names of the tests, run none', false)
  .option('--accept', 'add the tests that pass to the list of those that must', false)
  .action((options: Options) =>
    untilTold((signal) => run({ ...options, state: path.resolve(options.state) }, signal)),
  );

try {
  await program.parseAsync();
} catch (error) {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
