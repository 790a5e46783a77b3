/** What came of one thing that was tried. */
export interface Outcome {
  readonly name: string;
  readonly seconds: number;
  /** Undefined: it went well. */
  readonly trouble: string | undefined;
}

/** Tries things one after the other, and goes on after one that failed. */
export interface Checks {
  /** Do `work`; what it throws is told and kept, not thrown. Whether it went well. Throws only when `signal` aborts. */
  try(name: string, work: () => Promise<void>): Promise<boolean>;
  readonly outcomes: readonly Outcome[];
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A line of a table of results, with what went wrong below it. */
export const lineOf = ({ name, seconds, trouble }: Outcome): string =>
  [
    `${trouble === undefined ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(6)} s  ${name}`,
    ...(trouble ?? '').split('\n').filter((line) => line !== ''),
  ].join('\n       ');

/** @param write takes whole lines */
export const createChecks = (write: (line: string) => void, signal: AbortSignal): Checks => {
  const outcomes: Outcome[] = [];
  return {
    outcomes,
    async try(name, work) {
      signal.throwIfAborted();
      const begin = performance.now();
      let trouble: string | undefined;
      try {
        await work();
      } catch (error) {
        signal.throwIfAborted();
        trouble = messageOf(error);
      }
      const outcome = { name, seconds: (performance.now() - begin) / 1000, trouble };
      outcomes.push(outcome);
      write(lineOf(outcome));
      return trouble === undefined;
    },
  };
};
