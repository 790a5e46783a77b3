import { setTimeout as sleep } from 'node:timers/promises';

/** Look again until it holds; the last look fails for good after ten seconds. */
export async function eventually(look: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      return await look();
    } catch {
      await sleep(50);
    }
  }
  await look();
}
