import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { gatherFigures, type Logger } from '@ovenbird/server';

export interface WorkersOptions {
  readonly count: number;
  readonly logger: Logger;
  /** Ends all of them. */
  readonly signal: AbortSignal;
}

/** A worker that lived this long was sound; one that did not is replaced after a pause. Milliseconds. */
const SOUND_AFTER_MS = 5_000;
const PAUSE_MS = 1_000;
/** How long a worker may take to stop before it is killed. Milliseconds. */
const GRACE_MS = 15_000;

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it was never there. */
  readonly reason?: string;
}

const exitOf = (worker: Worker): Promise<Exit> =>
  new Promise((resolve) => {
    worker.once('exit', (code: number | null, signal: NodeJS.Signals | null) => resolve({ code, signal }));
    // One that cannot be started has no end. Others could not be told something: their end is told as well.
    worker.on('error', ({ message }) => {
      if (worker.process.pid === undefined) resolve({ code: null, signal: null, reason: message });
    });
  });

/** Tell a worker to end, and kill it when it does not. */
function stop(worker: Worker, exited: Promise<Exit>, logger: Logger): void {
  worker.process.kill('SIGTERM');
  const impatience = setTimeout(() => {
    logger.error({ pid: worker.process.pid }, 'a worker does not end and is killed');
    worker.process.kill('SIGKILL');
  }, GRACE_MS);
  void exited.finally(() => clearTimeout(impatience));
}

/**
 * One place among the workers: whoever holds it is replaced when it dies. Resolves when `signal` aborted and the last
 * holder is gone. Throws when one ends by itself before any ever listened: the next would, too.
 */
async function keep(number: number, common: { listened: boolean }, options: WorkersOptions): Promise<void> {
  const { logger, signal } = options;
  while (!signal.aborted) {
    const started = performance.now();
    const worker = cluster.fork();
    const exited = exitOf(worker);
    worker.once('listening', () => {
      common.listened = true;
    });
    const onAbort = (): void => stop(worker, exited, logger);
    signal.addEventListener('abort', onAbort, { once: true });
    const exit = await exited;
    signal.removeEventListener('abort', onAbort);
    if (signal.aborted) return;
    if (!common.listened && exit.reason !== undefined)
      throw new Error(`a worker cannot be started: ${exit.reason}`);
    if (!common.listened && exit.code !== null)
      throw new Error(`a worker ended with code ${exit.code} before it listened`);
    logger.error(
      { worker: number, pid: worker.process.pid, ...exit },
      'a worker died; another takes its place',
    );
    if (performance.now() - started < SOUND_AFTER_MS)
      await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
  }
}

/**
 * Run this program `count` times on one listening socket until `signal` aborts. Workers that die are replaced; when this
 * process dies they end by themselves. Throws when they cannot start at all.
 */
export async function runWorkers(options: WorkersOptions): Promise<void> {
  using _figures = gatherFigures();
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const common = { listened: false };
  const places = Array.from({ length: options.count }, async (_, index) => {
    try {
      await keep(index + 1, common, { ...options, signal });
    } catch (error) {
      failed.abort();
      throw error;
    }
  });
  const outcomes = await Promise.allSettled(places);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
