import type { Summary } from './samples.ts';

/** One line of the result. */
export interface Line {
  readonly ports: number;
  readonly what: string;
  readonly summary: Summary;
}

/** A floor that the project promises, and whether it held. */
export interface Floor {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  /** `most`: value may be at most the limit; `least`: at least. */
  readonly sense: 'most' | 'least';
}

export const holds = ({ value, limit, sense }: Floor): boolean =>
  sense === 'most' ? value <= limit : value >= limit;

const cell = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0).padStart(9);

export const lineText = ({ ports, what, summary }: Line): string =>
  [
    String(ports).padStart(7),
    what.padEnd(28),
    cell(summary.p50),
    cell(summary.p95),
    cell(summary.throughput),
    summary.cpu === undefined ? '' : cell(summary.cpu),
  ]
    .join(' ')
    .trimEnd();

export const heading = [
  '  ports',
  'operation'.padEnd(28),
  '   p50 ms',
  '   p95 ms',
  '  per sec',
  '   cpu ms',
].join(' ');

export const floorText = (floor: Floor): string => {
  const verdict = holds(floor) ? 'holds' : 'MISSED';
  const sense = floor.sense === 'most' ? 'at most' : 'at least';
  return `${verdict.padEnd(7)} ${floor.what}: ${floor.value.toFixed(2)} ${floor.unit} (${sense} ${floor.limit.toFixed(2)})`;
};
