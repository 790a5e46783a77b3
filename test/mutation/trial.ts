import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import type { FromWorker, Job, ToWorker } from './messages.ts';
import { NoEnd } from './run-tests.ts';

/** What became of the mutants of an area. */
export interface Verdicts {
  /** What noticed, by mutant. */
  readonly killed: ReadonlyMap<string, string>;
  /** Reached by no test. */
  readonly unreached: ReadonlySet<string>;
}

/** A worker that says nothing for so long is stuck; one that runs in circles ends itself much sooner. Milliseconds. */
const SILENCE_MS = 600_000;

/** A process that tries mutants. */
class Worker implements Disposable {
  readonly #child: ChildProcess;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');

  constructor(job: Job) {
    this.#child = fork(path.join(import.meta.dirname, 'worker.ts'), {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      // Types are stripped once for all processes.
      env: { ...process.env, NODE_COMPILE_CACHE: path.join(path.dirname(job.instrumented), 'compiled') },
    });
    // One that runs in circles hears of nothing, not even of the end of this process.
    process.once('exit', this.#kill);
    this.#send({ kind: 'job', ...job });
  }

  #send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message);
  }

  /** Ask for a mutant, or only for the next answer. Out: undefined when the process ended or said nothing. */
  async ask(mutant?: string): Promise<FromWorker | undefined> {
    if (mutant !== undefined) this.#send({ kind: 'try', mutant });
    if (!this.#child.connected) return undefined;
    const { promise, resolve } = Promise.withResolvers<FromWorker | undefined>();
    const gone = (): void => resolve(undefined);
    const timer = setTimeout(gone, SILENCE_MS);
    const hear = (message: FromWorker): void => {
      if (message.kind === 'going') timer.refresh();
      else resolve(message);
    };
    this.#child.on('message', hear);
    this.#child.once('exit', gone);
    const answer = await promise;
    clearTimeout(timer);
    this.#child.off('message', hear);
    this.#child.off('exit', gone);
    return answer;
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#kill);
    this.#kill();
  }
}

const learn = async (worker: Worker) => {
  const answer = await worker.ask();
  if (answer?.kind === 'learnt') return answer;
  throw new Error(`the tests do not pass as they are: ${JSON.stringify(answer)}`);
};

const killerOf = (answer: FromWorker | undefined): string | undefined => {
  if (answer?.kind === 'tried') return answer.killedBy;
  return answer === undefined ? String(new NoEnd('it worked too long')) : 'the tests could not be loaded';
};

/** Try all mutants of an area, `processes` at a time. `progress` is told after each. */
export const tryAll = async (
  job: Job,
  mutants: readonly string[],
  processes: number,
  progress: (done: number) => void,
): Promise<Verdicts> => {
  using first = new Worker(job);
  const { atLoad, reached } = await learn(first);
  const loaded = new Set(atLoad);
  const known = new Set(reached);
  const killed = new Map<string, string>();
  const queue = mutants.filter((id) => loaded.has(id) || known.has(id));
  const unreached = new Set(mutants).difference(new Set(queue));
  /** Those that act while a module loads, or only the first time: each needs a process of its own. */
  const fresh: string[] = [];
  const note = (mutant: string, answer: FromWorker | undefined): void => {
    const killer = killerOf(answer);
    if (killer !== undefined) killed.set(mutant, killer);
    progress(mutants.length - queue.length - fresh.length);
  };
  const work = async (started?: Worker): Promise<void> => {
    let worker = started;
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      if (known.has(mutant)) {
        if (worker === undefined) {
          worker = new Worker(job);
          await learn(worker);
        }
        const answer = await worker.ask(mutant);
        const survived = answer?.kind === 'tried' && answer.killedBy === undefined;
        if (!survived || (answer.acted && !loaded.has(mutant))) note(mutant, answer);
        else fresh.push(mutant);
        if (answer?.kind === 'tried') continue;
        worker[Symbol.dispose]();
        worker = undefined;
      } else fresh.push(mutant);
    }
    worker?.[Symbol.dispose]();
    for (let mutant = fresh.shift(); mutant !== undefined; mutant = fresh.shift()) {
      using alone = new Worker({ ...job, fromLoad: mutant });
      note(mutant, await alone.ask());
    }
  };
  await Promise.all([work(first), ...Array.from({ length: processes - 1 }, () => work())]);
  return { killed, unreached };
};
