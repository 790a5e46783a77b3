import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Checks, createChecks, lineOf } from './checks.ts';

export interface ClientOptions {
  readonly state: string;
}

/** Uses a client against a lab of its own, and tells by `checks` what works. */
export type ClientRun = (
  options: ClientOptions & { readonly checks: Checks; readonly signal: AbortSignal },
) => Promise<void>;

/** Run what tries a client. Sets the exit code of the process to 0 when all of it worked. */
export const runClient = async (
  name: string,
  run: ClientRun,
  options: ClientOptions,
  signal: AbortSignal,
): Promise<void> => {
  const state = path.join(options.state, name);
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const checks = createChecks((line) => console.log(line), signal);
  try {
    await run({ state, checks, signal });
  } finally {
    const file = path.join(state, 'results.txt');
    writeFileSync(file, checks.outcomes.map((outcome) => `${lineOf(outcome)}\n`).join(''));
  }
  const failed = checks.outcomes.filter(({ trouble }) => trouble !== undefined);
  console.log(
    `${name}: ${checks.outcomes.length - failed.length} ok, ${failed.length} FAIL of ${checks.outcomes.length}`,
  );
  if (failed.length === 0 && checks.outcomes.length > 0) process.exitCode = 0;
};
