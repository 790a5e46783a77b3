// npm run mutation [-- AREA…]: changes the sources of an area in every way that Stryker knows, one place at a time, and
// counts how often the area's tests notice. Prints what they do not notice, but for what explained.ts gives reasons for.
import { globSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Area, areas } from './areas.ts';
import { reasonFor } from './explained.ts';
import { type Instrumented, instrument, type Mutant } from './instrument.ts';
import { NoEnd } from './run-tests.ts';
import { tryAll } from './trial.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { processes: { type: 'string', default: '2' }, file: { type: 'string', default: '' } },
});

const filesOf = (globs: readonly string[]): string[] =>
  globSync([...globs], { cwd: root })
    .map((file) => path.join(root, file))
    .sort();

/** The text that a mutant replaces. */
const originalOf = ({ originals }: Instrumented, { fileName, location }: Mutant): string => {
  const lines = (originals.get(fileName) ?? '').split('\n').slice(location.start.line, location.end.line + 1);
  const last = lines.length - 1;
  lines[last] = (lines[last] ?? '').slice(0, location.end.column);
  lines[0] = (lines[0] ?? '').slice(location.start.column);
  return lines.join('\n');
};

/** Whether a verdict only says that tests did not end. */
const isLate = (killer: string): boolean => killer.includes(`${NoEnd.name}: `);

const brief = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 150);

/** Try an area and print what came of it. Out: how many changes nobody noticed or explained. */
const runArea = async (area: Area, folder: string): Promise<number> => {
  const tests = filesOf(area.tests);
  const sources = filesOf(area.sources).filter(
    (file) => !file.endsWith('.test.ts') && file.includes(values.file),
  );
  const made = await instrument(sources);
  const file = path.join(folder, `${area.name}.json`);
  await writeFile(file, JSON.stringify(made.sources));
  const ids = made.mutants.map(({ id }) => id);
  const job = { instrumented: file, tests };
  const { killed, unreached } = await tryAll(job, ids, Number(values.processes), (done) => {
    if (process.stdout.isTTY) process.stdout.write(`\r${area.name}: ${done} of ${ids.length} `);
  });
  const counts = { explained: 0, open: 0 };
  for (const mutant of made.mutants) {
    const place = path.relative(root, mutant.fileName);
    const original = originalOf(made, mutant);
    const show = (what: string): void =>
      console.log(
        `${place}:${mutant.location.start.line + 1} ${mutant.mutatorName}, ${what}\n  - ${brief(original)}\n  + ${brief(mutant.replacement)}`,
      );
    const killer = killed.get(mutant.id);
    // On a busy machine tests take long without a fault: such verdicts want a look whether there is a loop.
    if (killer !== undefined && isLate(killer)) show(brief(killer));
    if (killer !== undefined) continue;
    const explained = reasonFor(place, original, mutant.replacement) !== undefined;
    counts[explained ? 'explained' : 'open'] += 1;
    if (!explained) show(unreached.has(mutant.id) ? 'reached by no test' : 'not noticed');
  }
  const late = [...killed.values()].filter(isLate).length;
  const score = ((100 * killed.size) / Math.max(1, ids.length)).toFixed(1);
  console.log(
    `${area.name}: ${ids.length} mutants, ${killed.size} killed (${score} %; ${late} by time), ${counts.explained} explained, ${counts.open} open`,
  );
  return counts.open;
};

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-mutation-'));
let open = 0;
try {
  for (const area of areas)
    if (positionals.length === 0 || positionals.includes(area.name)) open += await runArea(area, folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = open === 0 ? 0 : 1;
