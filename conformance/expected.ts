import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestResult } from './results.ts';

const file = fileURLToPath(import.meta.resolve('./expected.txt'));

/** Names of the tests that must pass, one a line. */
export const readExpected = (): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** A test that must pass and did not, and what became of it. */
export interface Lost {
  readonly name: string;
  /** `gone`: no suite has such a test. */
  readonly outcome: 'FAIL' | 'SKIP' | 'gone';
}

/** Tests of `expected` that did not pass, and tests that passed without being expected. */
export const compare = (
  expected: readonly string[],
  results: readonly TestResult[],
): { readonly lost: readonly Lost[]; readonly gained: readonly string[] } => {
  const outcomeOf = new Map(results.map(({ name, outcome }) => [name, outcome]));
  const lost = expected.flatMap((name): readonly Lost[] => {
    const outcome = outcomeOf.get(name) ?? 'gone';
    return outcome === 'ok' ? [] : [{ name, outcome }];
  });
  const wanted = new Set(expected);
  const gained = results.filter(({ name, outcome }) => outcome === 'ok' && !wanted.has(name));
  return { lost, gained: gained.map(({ name }) => name) };
};

/** Add names to the list of tests that must pass. */
export const addExpected = (names: readonly string[]): void => {
  const all = [...new Set([...readExpected(), ...names])].sort();
  writeFileSync(file, all.map((name) => `${name}\n`).join(''));
};
