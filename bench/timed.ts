import { type Summary, timeEach } from './samples.ts';
import type { ProcessorClock } from './workload.ts';

/** Times an action for each item, one after another, with the service's processor time. */
export type Timed = <T>(items: readonly T[], action: (item: T) => Promise<unknown>) => Promise<Summary>;

export const timedWith =
  (clock: ProcessorClock): Timed =>
  async (items, action) => {
    const before = clock();
    const summary = await timeEach(items, 1, action);
    return { ...summary, cpu: (clock() - before) / summary.count };
  };
