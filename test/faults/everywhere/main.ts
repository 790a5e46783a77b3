// npm run faults: every operation of the write path, with every fault at every statement and every Northbound transaction
// that it waits for. Prints what was not as promised, and counts.
// --dialect D, --operation PATTERN and --fault PATTERN choose; --stride N takes every Nth point only, --crash-stride N where
// the service is killed, each fault and operation from another one on.
import { parseArgs } from 'node:util';
import { Enumeration } from './enumerate.ts';
import type { Fault, Injector } from './injector.ts';
import { operations } from './operations/index.ts';
import type { Operation } from './operations/kit.ts';
import { type Dialect, openWorld, type World } from './world.ts';

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', default: '' },
    operation: { type: 'string', default: '' },
    fault: { type: 'string', default: '' },
    stride: { type: 'string', default: '1' },
    'crash-stride': { type: 'string', default: '1' },
  },
});
/** Told to stop, it ends what it is at and says what it has counted. */
let stopped = false;
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => {
    stopped = true;
  });
/** More points than any operation has: something counts on its own. */
const MOST = 200;
const started = performance.now();
const seconds = (): number => Math.round((performance.now() - started) / 1000);

const labelOf = (injector: Injector, fault: Fault): string => `${injector.place}, ${fault.kind}`;

const chosen = operations.filter(({ name }) => new RegExp(values.operation).test(name));

/** What is to be done in a world, in order. */
const chosenIn = ({ injectors }: World) =>
  chosen
    .flatMap((operation) =>
      injectors.flatMap((injector) => injector.faults.map((fault) => ({ operation, injector, fault }))),
    )
    .filter(({ injector, fault }) => new RegExp(values.fault).test(labelOf(injector, fault)));

/** One fault at all its points of one operation. Out: how many were reached. */
const runAll = async (
  enumeration: Enumeration,
  one: { readonly operation: Operation; readonly injector: Injector; readonly fault: Fault },
  turn: number,
): Promise<number> => {
  const ofSql = one.injector.place !== 'northbound';
  const stride = ofSql ? Number(one.fault.crash ? values['crash-stride'] : values.stride) : 1;
  let reached = 0;
  for (let nth = 1 + (turn % stride); nth < MOST; nth += stride) {
    if (!(await enumeration.run({ ...one, nth }))) break;
    reached += 1;
  }
  await enumeration.settle(`${one.operation.name}: ${labelOf(one.injector, one.fault)}`);
  return reached;
};

/** Everything on one dialect. Out: how many faults were made and how many findings there are. */
const runDialect = async (dialect: Dialect): Promise<readonly [hit: number, found: number]> => {
  await using world = await openWorld(dialect);
  const enumeration = await Enumeration.begin(world, chosen);
  let shown = 0;
  for (const [turn, one] of chosenIn(world).entries()) {
    if (stopped) break;
    const reached = await runAll(enumeration, one, turn);
    const label = labelOf(one.injector, one.fault);
    console.log(`${dialect}, ${one.operation.name}: ${label} at ${reached} points, ${seconds()} s`);
    for (const { where, what } of enumeration.findings.slice(shown)) console.log(`FINDING ${where}\n${what}`);
    shown = enumeration.findings.length;
  }
  for (const [answer, count] of [...enumeration.answers].sort())
    console.log(`${dialect}: ${answer} × ${count}`);
  return [enumeration.hit, enumeration.findings.length];
};

const dialects: readonly Dialect[] = ['sqlite', 'postgres'];
const totals = { hit: 0, found: 0 };
for (const dialect of dialects.filter((one) => one.includes(values.dialect))) {
  if (stopped) break;
  const [hit, found] = await runDialect(dialect);
  totals.hit += hit;
  totals.found += found;
}
console.log(`${totals.hit} faults, ${totals.found} findings, ${seconds()} s`);
process.exitCode = totals.found > 0 ? 1 : 0;
