import type { Difference } from './difference.ts';

/** A difference that is meant to be, or that comes from what the reference is run as. */
export interface Accepted {
  /** As {@link Difference.place}; `*` stands for any text. */
  readonly place: string;
  /** Pattern of the scenario, when it is only accepted there. */
  readonly scenario?: RegExp;
  /** Pattern of the subject, likewise. */
  readonly subject?: RegExp;
  /** Patterns of the values as JSON; `undefined` stands for nothing there. */
  readonly reference?: RegExp;
  readonly ovenbird?: RegExp;
  /** First column of the row of docs/differences.md that tells it and why. */
  readonly row: string;
}

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');

const matches = (pattern: RegExp | undefined, text: string | undefined): boolean =>
  pattern === undefined || pattern.test(text ?? 'undefined');

/** The entry that explains a difference. */
export const explains = (entry: Accepted, difference: Difference): boolean =>
  new RegExp(`^${escaped(entry.place)}$`).test(difference.place) &&
  matches(entry.scenario, difference.scenario) &&
  matches(entry.subject, difference.subject) &&
  matches(entry.reference, JSON.stringify(difference.reference)) &&
  matches(entry.ovenbird, JSON.stringify(difference.ovenbird));
