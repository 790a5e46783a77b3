import { CommandFailed } from '@ovenbird/server';

/** Signals this soon after the first one are the same wish: Ctrl-C reaches us from the terminal and from npm. */
const sameWishMs = 1_500;
const parentCheckMs = 500;
/** How programs end by SIGINT and SIGTERM. */
const STOPPED: readonly number[] = [130, 143];

/**
 * Run `work` with a signal that aborts on the first SIGINT or SIGTERM, or when the npm that started us is gone. A later
 * signal ends the process at once, for when stopping itself hangs.
 */
export async function untilTold(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let told = 0;
  const stop = (name: NodeJS.Signals): void => {
    if (!controller.signal.aborted) {
      told = performance.now();
      controller.abort(new Stopped(name));
    } else if (performance.now() - told > sameWishMs) {
      process.exit(name === 'SIGINT' ? 130 : 143);
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const parent = process.env.npm_lifecycle_event === undefined ? undefined : process.ppid;
  // npm, or the shell that it puts in between, can die without passing the signal on.
  const watch = setInterval(() => {
    if (parent === undefined || process.ppid === parent || controller.signal.aborted) return;
    stop('SIGTERM');
  }, parentCheckMs);
  watch.unref();
  try {
    await work(controller.signal);
  } catch (error) {
    if (!isStop(error) && !(controller.signal.aborted && wasStoppedToo(error))) throw error;
  } finally {
    clearInterval(watch);
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

/** Somebody asked the process to end. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Ctrl-C reaches the programs that we run as well: one that it ended is no failure of its own. */
function wasStoppedToo(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error instanceof CommandFailed && STOPPED.includes(error.result.code)) || wasStoppedToo(error.cause)
  );
}

function isStop(error: unknown): boolean {
  return error instanceof Stopped || (error instanceof Error && isStop(error.cause));
}
