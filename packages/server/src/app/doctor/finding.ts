/** What one check of the doctor found. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string;
}

export type Findings = AsyncGenerator<Finding, void, void>;

export const ok = (check: string, detail: string): Finding => ({ check, status: 'ok', detail });
export const warning = (check: string, detail: string, advice: string): Finding => ({
  check,
  status: 'warning',
  detail,
  advice,
});
export const failed = (check: string, detail: string, advice: string): Finding => ({
  check,
  status: 'failed',
  detail,
  advice,
});

export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  // Errors of the network have their reason inside, and several of them no text of their own.
  const inner = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner === undefined ? error.message : [error.message, reasonOf(inner)].filter(Boolean).join(': ');
};
