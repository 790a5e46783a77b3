/** Durations of one operation. */
export interface Summary {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  /** Operations a second, over the whole of the run. */
  readonly throughput: number;
  readonly count: number;
  /** Processor time of the service for each operation, milliseconds; undefined where none was at work. */
  readonly cpu?: number;
}

const percentile = (sorted: readonly number[], fraction: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN;

/** @param durations milliseconds each @param elapsed milliseconds of all together */
export const summarise = (durations: readonly number[], elapsed: number): Summary => {
  const sorted = durations.toSorted((a, b) => a - b);
  return {
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    throughput: (durations.length / elapsed) * 1000,
    count: durations.length,
  };
};

/** Run `action` for each item, `width` at a time, each worker one after another. */
export const timeEach = async <T>(
  items: readonly T[],
  width: number,
  action: (item: T) => Promise<unknown>,
): Promise<Summary> => {
  const durations: number[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const item = items[next] as T;
      next += 1;
      const started = performance.now();
      await action(item);
      durations.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: width }, worker));
  return summarise(durations, performance.now() - started);
};

export const numbersTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);
