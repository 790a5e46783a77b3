// Loaded into the service before its own code (`--import …?plan=FILE`): makes the n-th statement on SQLite fail, or ends
// the process there, as the plan in FILE says. The service itself knows nothing of it.
import { readFileSync, writeFileSync } from 'node:fs';
import { StatementSync } from 'node:sqlite';
import type { SqlitePlan } from './sqlite-faults.ts';

const file = new URL(import.meta.url).searchParams.get('plan') ?? '';

/** Result codes of SQLite and their texts. */
const errors: { readonly [kind: string]: readonly [code: number, message: string] } = {
  busy: [5, 'database is locked'],
  'disk I/O error': [10, 'disk I/O error'],
  'disk full': [13, 'database or disk is full'],
};

let text = '';
let plan: SqlitePlan | undefined;
let count = 0;

/** What is to happen at this statement. */
const next = (): string | undefined => {
  const now = readFileSync(file, 'utf8');
  if (now !== text) {
    text = now;
    plan = now.startsWith('{') ? JSON.parse(now) : undefined;
    count = 0;
  }
  if (plan === undefined) return undefined;
  count += 1;
  if (count !== plan.nth) return undefined;
  writeFileSync(file, 'reached');
  return plan.kind;
};

const die = (): void => {
  process.kill(process.pid, 'SIGKILL');
};

for (const name of ['all', 'get', 'run'] as const) {
  const original: unknown = Reflect.get(StatementSync.prototype, name);
  if (typeof original !== 'function') throw new TypeError(`no ${name}`);
  Reflect.set(StatementSync.prototype, name, function execute(this: StatementSync, ...values: unknown[]) {
    const kind = next();
    if (kind === 'crash') die();
    const [errcode, message] = errors[kind ?? ''] ?? [];
    if (errcode !== undefined) throw Object.assign(new Error(message), { code: 'ERR_SQLITE_ERROR', errcode });
    return Reflect.apply(original, this, values);
  });
}
