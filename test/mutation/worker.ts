// Tries mutants: loads instrumented sources and the tests once, then runs those tests that reach a mutant with it switched
// on. Started by main.ts, which tells what to do and is told what came of it.
import { readFileSync } from 'node:fs';
import { flushCompileCache, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker as Thread } from 'node:worker_threads';
import fc from 'fast-check';
import { root, type Suite } from './collector.ts';
import type { FromWorker, Job, ToWorker } from './messages.ts';
import { Failed, runSuite, testNames } from './run-tests.ts';
import { workedMs } from './worked.ts';

/** The switchboard that Stryker's instrumented code reads. */
interface Switches {
  activeMutant?: string;
  currentTestId?: string;
  hitCount?: number;
  hitLimit?: number;
  mutantCoverage?: {
    static: { [mutant: string]: number };
    perTest: { [test: string]: { [mutant: string]: number } };
  };
}

const switches: Switches = {};
Reflect.set(globalThis, '__stryker__', switches);

/** How often a mutant may be reached in one test: many times what a right program does. */
const HIT_FACTOR = 100;
/** The same where what a right program does was not counted: a few seconds. */
const MOST_HITS = 10_000_000;
const SEED = 20_261_121;

const lastSign = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
new Thread(new URL('./watchdog.ts', import.meta.url), { workerData: lastSign }).unref();

const say = (message: FromWorker): void => {
  lastSign[0] = workedMs();
  process.send?.(message);
};

const substitute = (job: Job): void => {
  const instrumented: { readonly [url: string]: string } = JSON.parse(readFileSync(job.instrumented, 'utf8'));
  const collector = new URL('./collector.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'node:test' ? { url: collector, shortCircuit: true } : next(specifier, context),
    load(url, context, next) {
      const source = instrumented[url];
      return source === undefined
        ? next(url, context)
        : { format: 'module-typescript', source, shortCircuit: true };
    },
  });
};

/** Both databases hold the same promises; the one that needs no server is asked. */
const withoutServers = (suite: Suite): void => {
  const kept = suite.members.filter((member) => !/ on postgres$/.test(member.name));
  suite.members.splice(0, suite.members.length, ...kept);
};

/** Tests by mutant, and how often the busiest reached it. */
const reach = new Map<string, { readonly tests: Set<string>; most: number }>();

const learn = async (): Promise<void> => {
  switches.mutantCoverage ??= { static: {}, perTest: {} };
  await runSuite(root, {
    wanted: () => true,
    began: (name) => {
      switches.currentTestId = name;
    },
    ended: () => {
      delete switches.currentTestId;
      say({ kind: 'going' });
    },
  });
  for (const [test, hits] of Object.entries(switches.mutantCoverage.perTest))
    for (const [mutant, count] of Object.entries(hits)) {
      const known = reach.get(mutant) ?? { tests: new Set(), most: 0 };
      known.tests.add(test);
      known.most = Math.max(known.most, count);
      reach.set(mutant, known);
    }
  say({ kind: 'learnt', atLoad: Object.keys(switches.mutantCoverage.static), reached: [...reach.keys()] });
};

const tryOne = async (
  mutant: string,
  tests: ReadonlySet<string> | undefined,
  limit: number,
): Promise<void> => {
  switches.activeMutant = mutant;
  switches.hitCount = 0;
  switches.hitLimit = limit;
  try {
    await runSuite(root, { wanted: (name) => tests?.has(name) ?? true, ended: () => say({ kind: 'going' }) });
    say({ kind: 'tried', mutant, killedBy: undefined, acted: switches.hitCount > 0 });
  } catch (error) {
    const killedBy = error instanceof Failed ? `${error.message}: ${String(error.cause)}` : String(error);
    say({ kind: 'tried', mutant, killedBy, acted: true });
  } finally {
    delete switches.activeMutant;
  }
};

const work = async (job: Job): Promise<void> => {
  fc.configureGlobal({ seed: SEED, endOnFailure: true });
  substitute(job);
  if (job.fromLoad !== undefined)
    Object.assign(switches, { activeMutant: job.fromLoad, hitCount: 0, hitLimit: MOST_HITS });
  for (const file of job.tests) await import(pathToFileURL(file).href);
  flushCompileCache();
  say({ kind: 'going' });
  withoutServers(root);
  if (testNames(root).length === 0) throw new Error('no test was found');
  if (job.fromLoad !== undefined) {
    // Whoever asked ends this process: it would not wait for what it says.
    await tryOne(job.fromLoad, undefined, MOST_HITS);
    return;
  }
  await learn();
};

process.on('uncaughtException', (error) => say({ kind: 'broke', reason: String(error.stack) }));
process.on('message', (message: ToWorker) => {
  const broke = (error: unknown): void => say({ kind: 'broke', reason: String(error) });
  if (message.kind === 'job') work(message).catch(broke);
  else if (message.kind === 'end') process.exit();
  else {
    const known = reach.get(message.mutant);
    tryOne(message.mutant, known?.tests, (known?.most ?? 1) * HIT_FACTOR).catch(broke);
  }
});
process.on('disconnect', () => process.exit());
