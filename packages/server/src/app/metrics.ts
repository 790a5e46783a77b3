import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import type { OvnDriverOptions, OvnMechanismDriver } from '../drivers/mech/ovn/driver.ts';
import { type WaitingFigures, waitingFigures } from '../drivers/mech/ovn/waiting-changes.ts';
import { observeOvn } from './ovn-metrics.ts';

/** The figures of a service. Where workers share an address, `aggregator` says what becomes of theirs; none: the sum. */
export interface Metrics {
  readonly registry: Registry;
  /** Told of every OVSDB transaction. */
  readonly onTransaction: NonNullable<OvnDriverOptions['onTransaction']>;
}

type Observed = Parameters<Metrics['onTransaction']>;

/** Transactions that are counted together: counted one by one, each takes as long as a statement of SQL. */
const GATHERED = 100;

/** A histogram of OVSDB transactions; it counts what it is told when there is enough, or when somebody asks. */
const observeTransactions = (registry: Registry): Metrics['onTransaction'] => {
  let waiting: Observed[] = [];
  const count = (): void => {
    for (const [database, outcome, milliseconds] of waiting)
      transactions.observe({ database, outcome }, milliseconds / 1000);
    waiting = [];
  };
  const transactions = new Histogram({
    name: 'ovenbird_ovsdb_transaction_seconds',
    help: 'Time from sending an OVSDB transaction to its result.',
    labelNames: ['database', 'outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
    collect: count,
  });
  return (...observed) => {
    waiting.push(observed);
    if (waiting.length >= GATHERED) count();
  };
};

export const createMetrics = (): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'ovenbird_' });
  return { registry, onTransaction: observeTransactions(registry) };
};

const ageOf = ({ since }: WaitingFigures): number =>
  since === undefined ? 0 : Math.max(0, (Date.now() - Date.parse(since)) / 1000);

/** What the journal holds at each look; nothing is said while SQL does not answer. */
const journalFigures = (registry: Registry, database: Database): void => {
  let looking: Promise<WaitingFigures | undefined> | undefined;
  /** One look for all figures that are read at the same time. */
  const look = (): Promise<WaitingFigures | undefined> => {
    looking ??= database
      .read(waitingFigures)
      .catch(() => undefined)
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  const figure = (name: string, help: string, value: (waiting: WaitingFigures) => number): Gauge =>
    new Gauge({
      name,
      help,
      aggregator: 'max',
      registers: [registry],
      async collect() {
        const waiting = await look();
        if (waiting === undefined) this.remove();
        else this.set(value(waiting));
      },
    });
  figure(
    'ovenbird_journal_objects',
    'Objects with changes that are committed in SQL and not yet known to be in OVN.',
    (waiting) => waiting.objects,
  );
  figure('ovenbird_journal_oldest_seconds', 'Age of the oldest of these changes.', ageOf);
  figure(
    'ovenbird_journal_attempts',
    'Most failed attempts of one of these objects.',
    (waiting) => waiting.attempts,
  );
};

/** Figures that are read from the parts of the service whenever somebody asks for them. */
export const observeService = (
  { registry }: Metrics,
  database: Database,
  ovn: OvnMechanismDriver | undefined,
): void => {
  journalFigures(registry, database);
  if (ovn !== undefined) observeOvn(registry, ovn);
};
