/** How a test ended. */
export type Outcome = 'ok' | 'FAIL' | 'SKIP';

/** One test of a suite: its dotted name without tempest's ids, how it ended, and why. */
export interface TestResult {
  readonly name: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** Traceback of a failure, reason of a skip. */
  readonly detail: string;
}

/** A line of `python/subunit_to_json.py`. */
export interface StreamLine {
  readonly id: string;
  readonly status: string;
  readonly seconds: number;
  readonly detail: string;
}

/** `a.b.Class.test[id-…,slow]` and `a.b.Class.test[id-…](scenario)` without what is in brackets. */
export const nameOf = (id: string): string => id.replace(/\[[^\]]*\]/, '');

const outcomes: { readonly [status: string]: Outcome } = { success: 'ok', xfail: 'ok', skip: 'SKIP' };

const classOf = (name: string): string => name.replace(/\(.*$/, '').replace(/\.[^.]*$/, '');

/**
 * Results of the tests of one run, from the stream of what ended. Fixtures of classes appear there under names of their
 * own: a class whose preparation failed or was skipped gives that outcome to each of its tests, and a failed cleaning up
 * of a class is kept as a result `tearDownClass (class)`.
 *
 * @param listed names of all tests that should run
 * @param told called with each test's result as soon as it is known
 */
export const createResults = (listed: readonly string[], told: (result: TestResult) => void) => {
  const results = new Map<string, TestResult>();
  const byClass = Map.groupBy(listed, classOf);
  const known = new Set(listed);
  const note = (result: TestResult): void => {
    results.set(result.name, result);
    told(result);
  };
  return {
    add(line: StreamLine): void {
      const outcome = outcomes[line.status] ?? 'FAIL';
      const fixture = /^(setUpClass|tearDownClass) \((.*)\)$/.exec(line.id);
      if (fixture === null) {
        if (known.has(nameOf(line.id))) note({ ...line, name: nameOf(line.id), outcome });
        return;
      }
      const [, hook, owner = ''] = fixture;
      if (hook === 'tearDownClass') {
        if (outcome === 'FAIL') note({ ...line, name: line.id, outcome });
        return;
      }
      for (const name of byClass.get(owner) ?? [])
        if (!results.has(name))
          note({ name, outcome, seconds: 0, detail: `preparation of its class: ${line.detail}` });
    },
    /** All results; a test that nothing was heard of has failed. */
    finish(): readonly TestResult[] {
      for (const name of listed)
        if (!results.has(name)) note({ name, outcome: 'FAIL', seconds: 0, detail: 'it never ended' });
      return [...results.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
};

/** How many of each outcome. */
export const count = (results: readonly TestResult[]): { readonly [outcome in Outcome]: number } => {
  const counts = { ok: 0, FAIL: 0, SKIP: 0 };
  for (const { outcome } of results) counts[outcome] += 1;
  return counts;
};
