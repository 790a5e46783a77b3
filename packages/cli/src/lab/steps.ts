/** Says what a long command does, one line per step with the time that it took. */
export interface Steps {
  /** Run `work` as a step; prints `text` (or what `work` says) and its time. What it throws passes on, named. */
  step<T>(text: string, work: () => Promise<T>): Promise<T>;
  /** A line without a time. */
  line(text: string): void;
  /** Seconds since the beginning, `3.4 s`. */
  elapsed(): string;
}

/** A step of the command failed; `cause` says why. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** @param write takes whole lines */
export function createSteps(write: (line: string) => void): Steps {
  const begin = performance.now();
  const duration = (from: number): string => {
    const ms = performance.now() - from;
    return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
  };
  return {
    async step(text, work) {
      const from = performance.now();
      try {
        const result = await work();
        write(`${duration(from).padStart(8)}  ${text}`);
        return result;
      } catch (error) {
        throw error instanceof StepFailed ? error : new StepFailed(text, error);
      }
    },
    line: write,
    elapsed: () => duration(begin),
  };
}
