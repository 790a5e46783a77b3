/**
 * Run `work` with a signal that aborts on the first SIGINT or SIGTERM. A second one ends the process at once, for when
 * stopping itself hangs.
 */
export async function untilTold(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143);
    controller.abort(new Stopped(name));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    await work(controller.signal);
  } catch (error) {
    if (!isStop(error)) throw error;
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** Somebody asked the process to end. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

function isStop(error: unknown): boolean {
  return error instanceof Stopped || (error instanceof Error && isStop(error.cause));
}

/** Resolves when the signal aborts. */
export async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
