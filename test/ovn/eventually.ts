import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than anything takes on a machine that is busy with other things; what is promised to be sooner is timed by its test. */
const PATIENCE_MS = 60_000;

/** Look again until it holds; a look after a minute fails for good. */
export async function eventually(look: () => Promise<void>): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    try {
      return await look();
    } catch {
      await sleep(50);
    }
  }
  await look();
}
