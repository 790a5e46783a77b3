import type { Client } from './client.ts';
import type { Floor } from './report.ts';
import { numbersTo, type Summary, summarise, timeEach } from './samples.ts';
import type { BenchServer } from './server.ts';
import { BULK, CLIENTS, createBulk, type Figures, type Subject } from './workload.ts';

const REPEATS = 10;

/** Figures, and resident memory at its highest in MiB. */
export interface Large {
  readonly figures: Figures;
  readonly peak: number;
}

/** What matters when there are many: lists, bulk, and a start with everything to compare. Leaves nothing. */
export const measureLarge = async (server: BenchServer, client: Client, subject: Subject): Promise<Large> => {
  const timed = async (width: number, action: () => Promise<unknown>): Promise<Summary> => {
    const before = server.cpu();
    const summary = await timeEach(numbersTo(REPEATS), width, action);
    return { ...summary, cpu: (server.cpu() - before) / summary.count };
  };
  const filtered = await timed(1, () => client.read(`${subject.path}?name=${subject.nameOf(77)}`));
  const whole = await timed(1, () => client.read(subject.path));
  const made: string[] = [];
  const bulk = await timed(1, async () => made.push(...(await createBulk(client, subject, BULK))));
  await timeEach(made, CLIENTS, (id) => client.send('DELETE', `${subject.path}/${id}`));
  const { peak } = server.memory();
  const before = performance.now();
  await server.restart();
  const took = performance.now() - before;
  const start: Summary = { ...summarise([took], took), cpu: server.cpu() };
  return {
    figures: { 'filtered list': filtered, 'whole list': whole, [`bulk of ${BULK}`]: bulk, start },
    peak: Math.max(peak, server.memory().peak),
  };
};

/** What is promised at 10,000 ports. */
export const largeFloors = ({ figures, peak }: Large): readonly Floor[] => {
  const most = (what: string, operation: string, limit: number): Floor => {
    const value = figures[operation]?.p50 ?? Number.NaN;
    return { what: `${what} at 10,000 ports`, value, limit, unit: 'ms', sense: 'most' };
  };
  return [
    most('filtered list p50', 'filtered list', 10),
    most('whole list p50', 'whole list', 300),
    most(`bulk of ${BULK} ports p50`, `bulk of ${BULK}`, 60),
    most('stop, start and compare', 'start', 3_000),
    { what: 'resident memory at 10,000 ports', value: peak, limit: 300, unit: 'MiB', sense: 'most' },
  ];
};
