import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { defaultPolicyRules, FALLBACK } from '@ovenbird/api';
import { addedRules, ownRules, publishedRules } from '../../packages/api/src/published-rules.fixture.ts';

/** One decision that is asked for. */
export interface Question {
  readonly rule: string;
  readonly credentials: { readonly [name: string]: unknown };
  readonly target: { readonly [name: string]: unknown };
}

/** The reference's published rules, what it falls back to where it has none, and those that differ on purpose. */
export const expectedRules = {
  ...Object.fromEntries(Object.keys(defaultPolicyRules).map((name) => [name, FALLBACK])),
  ...publishedRules,
  ...Object.fromEntries([...ownRules, ...addedRules].map((name) => [name, defaultPolicyRules[name] ?? '!'])),
};

/** Answers of oslo.policy, the reference's own library, which shares no code with ours. In the order of the questions. */
export const askReference = (questions: readonly Question[]): readonly boolean[] => {
  const ended = spawnSync('/usr/bin/python3', [path.join(import.meta.dirname, 'oracle.py')], {
    input: JSON.stringify({ rules: expectedRules, questions }),
    encoding: 'utf8',
    maxBuffer: 50_000_000,
  });
  if (ended.status !== 0) throw new Error(`oslo.policy: ${ended.stderr}`);
  return JSON.parse(ended.stdout);
};
