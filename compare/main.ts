// Sends the same requests to the reference (Debian's neutron-server with ML2 and OVN) and to Ovenbird, and compares the
// answers and the Northbound databases. See README.md.
import { appendFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { createSteps } from '../packages/cli/src/lab/steps.ts';
import { untilTold } from '../packages/cli/src/stop-signal.ts';
import { explains } from './accepted.ts';
import { accepted } from './accepted-list.ts';
import { type Difference, lineOf } from './difference.ts';
import { Replay } from './replay.ts';
import { scenarios } from './scenarios/index.ts';
import { startSides } from './sides.ts';

interface Options {
  readonly state: string;
  readonly filter: string;
  readonly all: boolean;
}

const steps = createSteps((line) => console.log(line));

const defaultState = (): string => {
  const base = process.env.XDG_STATE_HOME || path.join(homedir(), '.local', 'state');
  return path.join(base, 'ovenbird', 'compare');
};

/** A line for each difference; the same one elsewhere is only counted. */
const grouped = (differences: readonly Difference[]): readonly string[] => {
  const alike = Map.groupBy(differences, ({ place, reference, ovenbird }) =>
    JSON.stringify([place, reference, ovenbird]),
  );
  return [...alike.values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    return [`${lineOf(first)}${more.length === 0 ? '' : ` (and ${more.length} times more)`}`];
  });
};

/** Print what is not explained, and entries that explain nothing any more. Whether all is well. */
const conclude = (differences: readonly Difference[], options: Options): boolean => {
  const unexplained = differences.filter((each) => !accepted.some((entry) => explains(entry, each)));
  for (const line of grouped(options.all ? differences : unexplained)) console.log(line);
  const idle = accepted.filter((entry) => !differences.some((each) => explains(entry, each)));
  if (options.filter === '')
    for (const { place, row } of idle) console.log(`accepted, but not seen: ${place} (${row})`);
  const explained = differences.length - unexplained.length;
  console.log(`${differences.length} differences: ${explained} explained, ${unexplained.length} not`);
  return unexplained.length === 0 && (options.filter !== '' || idle.length === 0);
};

const run = async (options: Options, signal: AbortSignal): Promise<void> => {
  process.exitCode = 1; // also of a run that is stopped
  const chosen = scenarios.filter(({ name }) => new RegExp(options.filter).test(name));
  await using sides = await startSides(options.state, steps);
  const differences: Difference[] = [];
  const file = path.join(options.state, 'differences.txt');
  writeFileSync(file, '');
  for (const scenario of chosen) {
    signal.throwIfAborted();
    const found = await steps.step(scenario.name, () => new Replay(scenario, sides).run());
    differences.push(...found);
    appendFileSync(file, found.map((each) => `${lineOf(each)}\n`).join(''));
  }
  if (conclude(differences, options)) process.exitCode = 0;
  steps.line(`all differences in ${file} (${steps.elapsed()})`);
};

const program = new Command('compare')
  .description('Compare answers and OVN content with those of the reference')
  .option('--state <dir>', 'where everything is kept', defaultState())
  .option('--filter <regex>', 'only scenarios whose name it matches', '')
  .option('--all', 'print explained differences too', false)
  .action((options: Options) =>
    untilTold((signal) => run({ ...options, state: path.resolve(options.state) }, signal)),
  );

try {
  await program.parseAsync();
} catch (error) {
  console.error(`compare: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
