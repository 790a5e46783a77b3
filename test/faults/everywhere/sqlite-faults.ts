import { readFileSync, writeFileSync } from 'node:fs';
import type { Fault, Injector } from './injector.ts';

/** What `sqlite-hook.ts` finds in its plan. */
export interface SqlitePlan {
  readonly serial: number;
  readonly kind: string;
  readonly nth: number;
}

const REACHED = 'reached';

const faults: readonly Fault[] = [
  { kind: 'busy', crash: false },
  { kind: 'disk I/O error', crash: false },
  { kind: 'disk full', crash: false },
  // Before the next statement is after this one.
  { kind: 'crash', crash: true },
];

/** Faults of statements on SQLite, made inside the service by `sqlite-hook.ts`, which reads its plan from `file`. */
export const sqliteFaults = (file: string): Injector => {
  let serial = 0;
  writeFileSync(file, '');
  return {
    place: 'sqlite',
    faults,
    arm({ kind }, nth) {
      serial += 1;
      const plan: SqlitePlan = { serial, kind, nth };
      writeFileSync(file, JSON.stringify(plan));
    },
    disarm() {
      const reached = readFileSync(file, 'utf8') === REACHED;
      writeFileSync(file, '');
      return reached;
    },
    async [Symbol.asyncDispose]() {},
  };
};
