// Usage: npm run chaos -- --seed S --minutes M [--clients N] [--logs FOLDER]; the folder gets the logs of a run that broke a promise
import { parseArgs } from 'node:util';
import { untilTold } from '../../packages/cli/src/stop-signal.ts';
import { runChaos } from './run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    minutes: { type: 'string', default: '5' },
    logs: { type: 'string' },
    clients: { type: 'string', default: '6' },
  },
});
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
const started = performance.now();
const elapsed = (): string => {
  const seconds = Math.floor((performance.now() - started) / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
};
const listed = (counts: ReadonlyMap<string | number, number>): string =>
  [...counts].map(([name, count]) => `${name}: ${count}`).join(', ');
await untilTold(async (signal) => {
  const report = await runChaos({
    seed,
    seconds: Number(values.minutes) * 60,
    clients: Number(values.clients),
    checkpointEvery: 25,
    keepLogs: values.logs,
    say: (line) => console.log(`${elapsed()} ${line}`),
    signal,
  });
  console.log(`answers by status (0: none came): ${listed(report.statuses)}`);
  console.log(`breakages: ${listed(report.breakages)}; ovn-controller crashed by itself: ${report.crashes}`);
  console.log(
    `seed ${seed}: ${report.operations} answers, ${report.broken.length} broken promises, ` +
      `agreement after ${(Math.max(...report.convergedMs) / 1_000).toFixed(1)} s at most`,
  );
  process.exitCode = report.broken.length === 0 ? 0 : 1;
});
