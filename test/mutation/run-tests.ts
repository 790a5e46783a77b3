import type { Suite, Test } from './collector.ts';

/** What runs of tests want to know and decide. */
export interface Run {
  /** Whether a test is asked for. */
  readonly wanted: (name: string) => boolean;
  readonly began?: (name: string) => void;
  readonly ended?: (name: string, error: unknown) => void;
}

/** How long one test or hook may wait with nothing to do; on a busy machine it may work for much longer. Milliseconds. */
const PATIENCE_MS = 60_000;

/** A test did not end. */
export class NoEnd extends Error {
  override readonly name = 'NoEnd';
}

/** A test failed: the rest of the run is of no interest. */
export class Failed extends Error {
  override readonly name = 'Failed';
}

const isSuite = (member: Suite | Test): member is Suite => 'members' in member;

const namesOf = (member: Suite | Test): readonly string[] =>
  isSuite(member) ? member.members.flatMap(namesOf) : [member.name];

/** Names of all tests below. */
export const testNames = (suite: Suite): readonly string[] => namesOf(suite);

const inTime = async (body: () => unknown): Promise<void> => {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const { idle } = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    if (performance.eventLoopUtilization().idle - idle > PATIENCE_MS)
      reject(new NoEnd(`nothing to do for ${PATIENCE_MS} ms`));
  }, 1000);
  try {
    await Promise.race([body(), limit]);
  } finally {
    clearInterval(timer);
  }
};

const runOne = async ({ name, run }: Test, suites: readonly Suite[], options: Run): Promise<void> => {
  options.began?.(name);
  try {
    for (const suite of suites) for (const hook of suite.beforeEach) await inTime(hook);
    await inTime(run);
    for (const suite of suites) for (const hook of suite.afterEach) await inTime(hook);
  } catch (error) {
    options.ended?.(name, error);
    throw new Failed(name, { cause: error });
  }
  options.ended?.(name, undefined);
};

/** Run the wanted tests of a suite in their order, with its hooks. Throws {@link Failed} at the first that fails. */
export const runSuite = async (suite: Suite, options: Run, outer: readonly Suite[] = []): Promise<void> => {
  if (!testNames(suite).some(options.wanted)) return;
  const suites = [...outer, suite];
  try {
    for (const hook of suite.before) await inTime(hook);
    for (const member of suite.members) {
      if (isSuite(member)) await runSuite(member, options, suites);
      else if (options.wanted(member.name)) await runOne(member, suites, options);
    }
  } catch (error) {
    throw error instanceof Failed ? error : new Failed(`hook of ${suite.name}`, { cause: error });
  } finally {
    for (const hook of suite.after) await inTime(hook).catch(() => undefined);
  }
};
