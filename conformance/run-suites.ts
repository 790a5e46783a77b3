import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createSteps } from '../packages/cli/src/lab/steps.ts';
import { requirePrograms } from './ensure.ts';
import { addExpected, compare, readExpected } from './expected.ts';
import { count, type TestResult } from './results.ts';
import { type CloudStack, startCloud } from './stack.ts';
import { openSuites, type Suites, suiteOf } from './suites.ts';
import { tempestConf } from './tempest-conf.ts';

export interface SuitesOptions {
  readonly state: string;
  readonly filter: string;
  readonly workers: number;
  readonly list: boolean;
  readonly accept: boolean;
}

const steps = createSteps((line) => console.log(line));

const open = (stack: CloudStack, options: SuitesOptions, signal: AbortSignal): Promise<Suites> => {
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
const conclude = (results: readonly TestResult[], options: SuitesOptions): boolean => {
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

/** Run the suites. Sets the exit code of the process to 0 when every test passed that must. */
export const runSuites = async (options: SuitesOptions, signal: AbortSignal): Promise<void> => {
  requirePrograms('conformance');
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
