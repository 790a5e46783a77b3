/** The time of day, injected so that tests can set it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A moment as the API and SQL write it: ISO 8601 in UTC with whole seconds, `2026-11-21T03:27:00Z`. */
export const timestamp = (moment: Date): string => `${moment.toISOString().slice(0, 19)}Z`;
