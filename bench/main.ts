import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Client, createClient } from './client.ts';
import { largeFloors, measureLarge } from './large.ts';
import { type Comparison, compareWithLimits } from './limits.ts';
import { type Floor, floorText, heading, holds, type Line, lineText } from './report.ts';
import { measureRouting, routingFloors } from './routing.ts';
import { measureSecurity, measureTags, securityFloors } from './security.ts';
import { type BenchServer, startBenchServer } from './server.ts';
import { timedWith } from './timed.ts';
import {
  BULK,
  CLIENTS,
  countAll,
  type Effort,
  type Figures,
  fill,
  measure,
  networkSubject,
  portSubject,
  preparePlace,
} from './workload.ts';

const FLOORS_AT = 1_000;
const LARGE = 10_000;
const FULL: Effort = { single: 300, concurrent: 1_600, lists: 20 };
const WARM_UP: Effort = { single: 300, concurrent: 1_600, lists: 30 };
const QUICK: Effort = { single: 100, concurrent: 480, lists: 10 };

const USAGE = `usage: npm run bench -- [--quick] [--ports 0,1000,10000]

  --quick   fewer repetitions, and no more than 1,000 ports
  --ports   numbers of existing ports to measure at, growing`;

const floors = (ports: Figures, { multiple }: Comparison, peak: number): readonly Floor[] => {
  const create = ports.create?.p50 ?? Number.NaN;
  return [
    {
      what: 'port create p50 in multiples of the limit',
      value: multiple,
      limit: 4,
      unit: '×',
      sense: 'most',
    },
    { what: 'port create p50', value: create, limit: 5, unit: 'ms', sense: 'most' },
    {
      what: `port creates by ${CLIENTS} clients`,
      value: ports[`create ×${CLIENTS}`]?.throughput ?? Number.NaN,
      limit: 600,
      unit: 'per second',
      sense: 'least',
    },
    {
      what: 'list of 1,000 ports p50',
      value: ports.list?.p50 ?? Number.NaN,
      limit: 25,
      unit: 'ms',
      sense: 'most',
    },
    { what: 'resident memory at most', value: peak, limit: 200, unit: 'MiB', sense: 'most' },
  ];
};

const comparisonLines = (ports: number, { create, sql, northbound }: Comparison): readonly Line[] => [
  { ports, what: 'port create between limits', summary: create },
  { ports, what: `limit: SQL, ${sql.statements.toFixed(0)} statements`, summary: sql },
  { ports, what: `limit: NB, ${northbound.operations.toFixed(0)} operations`, summary: northbound },
];

const multiples = ({ multiple, multipleOfQuiet }: Comparison): string =>
  `${multiple.toFixed(2)} × the limits beside it, ${multipleOfQuiet.toFixed(2)} × those of a quiet machine`;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** Others at work make every figure worse; only the processor times hold then. */
const sayLoad = (): void => {
  const [load = 0] = loadavg();
  say(
    `load of the machine ${load.toFixed(2)}${load > 1 ? ': BUSY, the times below are not those of a quiet one' : ''}`,
  );
};

/** What is measured beside ports and networks. */
const measureWidely = async (
  client: Client,
  server: BenchServer,
  networkId: string,
  { single, lists }: Effort,
): Promise<Figures> => {
  const timed = timedWith(server.cpu);
  const count = Math.min(single, BULK);
  return {
    ...(await measureTags(client, timed, networkId, count)),
    ...(await measureSecurity(client, timed, networkId, count)),
    ...(await measureRouting(client, timed, count, lists)),
  };
};

const run = async (server: BenchServer, sizes: readonly number[], effort: Effort): Promise<boolean> => {
  using client = createClient(server.url);
  const { networkId } = await preparePlace(client);
  const portsSubject = portSubject(networkId);
  const lines: Line[] = [];
  const add = (line: Line) => {
    lines.push(line);
    say(lineText(line));
  };
  sayLoad();
  say('ovn-northd takes what the others leave of the processors (SCHED_IDLE): it may lag, the API may not');
  let checked: readonly Floor[] = [];
  say(heading);
  for (const size of sizes) {
    await fill(client, portsSubject, size - (await countAll(client, portsSubject)));
    // The first requests compile what they run through; figures are about a service that has served a while.
    await measure(client, portsSubject, WARM_UP, server.cpu);
    const ports = await measure(client, portsSubject, effort, server.cpu);
    const fewer = { ...effort, concurrent: Math.ceil(effort.concurrent / 8) };
    const networks = await measure(client, networkSubject, fewer, server.cpu);
    for (const [what, summary] of Object.entries(ports)) add({ ports: size, what: `port ${what}`, summary });
    for (const [what, summary] of Object.entries(networks)) {
      add({ ports: size, what: `network ${what}`, summary });
    }
    const tables = { sql: 'ports', northbound: 'Logical_Switch_Port' };
    const compared = await compareWithLimits(server, client, portsSubject, tables, effort.single);
    for (const line of comparisonLines(size, compared)) add(line);
    say(`${String(size).padStart(7)} port create: ${multiples(compared)}`);
    const memory = server.memory();
    say(
      `${String(size).padStart(7)} resident memory ${memory.now.toFixed(0)} MiB, at most ${memory.peak.toFixed(0)} MiB`,
    );
    if (size === FLOORS_AT) {
      checked = floors(ports, compared, memory.peak);
      const wide = await measureWidely(client, server, networkId, effort);
      for (const [what, summary] of Object.entries(wide)) add({ ports: size, what, summary });
      checked = [...checked, ...routingFloors(wide), ...securityFloors(wide)];
    }
    if (size >= LARGE) {
      const large = await measureLarge(server, client, portsSubject);
      for (const [what, summary] of Object.entries(large.figures))
        add({ ports: size, what: `port ${what}`, summary });
      checked = [...checked, ...largeFloors(large)];
    }
  }
  sayLoad();
  for (const floor of checked) say(floorText(floor));
  say(JSON.stringify({ lines, floors: checked, memory: server.memory() }));
  return checked.every(holds);
};

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    ports: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) {
  say(USAGE);
} else {
  const sizes = (values.ports ?? (values.quick ? '0,1000' : '0,1000,10000')).split(',').map(Number);
  if (sizes.some((size) => !Number.isInteger(size) || size < 0)) throw new TypeError(USAGE);
  await using server = await startBenchServer();
  const held = await run(server, sizes, values.quick ? QUICK : FULL);
  process.exitCode = held ? 0 : 1;
}
