// npm run faults: every operation of the write path, with every fault at every statement and every Northbound transaction
// that it waits for. Prints what was not as promised, and counts.
// --dialect D, --operation PATTERN and --fault TEXT choose; --stride N takes every Nth point only, --crash-stride N where
// the service is killed, each fault and operation from another one on.
import { parseArgs } from 'node:util';
import { Enumeration } from './enumerate.ts';
import type { Fault, Injector } from './injector.ts';
import { type Operation, operations } from './operations.ts';
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
/** More points than any operation has: something counts on its own. */
const MOST = 200;
const started = performance.now();
const seconds = (): number => Math.round((performance.now() - started) / 1000);

const labelOf = (injector: Injector, fault: Fault): string => `${injector.place}, ${fault.kind}`;

/** What is to be done in a world, in order. */
const chosenIn = ({ injectors }: World) =>
  operations
    .filter(({ name }) => new RegExp(values.operation).test(name))
    .flatMap((operation) =>
      injectors.flatMap((injector) => injector.faults.map((fault) => ({ operation, injector, fault }))),
    )
    .filter(({ injector, fault }) => labelOf(injector, fault).includes(values.fault));

/** One fault at all its points of one operation. Out: how many were reached. */
const runAll = async (
  enumeration: Enumeration,
  chosen: { readonly operation: Operation; readonly injector: Injector; readonly fault: Fault },
  turn: number,
): Promise<number> => {
  const ofSql = chosen.injector.place !== 'northbound';
  const stride = ofSql ? Number(chosen.fault.crash ? values['crash-stride'] : values.stride) : 1;
  let reached = 0;
  for (let nth = 1 + (turn % stride); nth < MOST; nth += stride) {
    if (!(await enumeration.run({ ...chosen, nth }))) break;
    reached += 1;
  }
  await enumeration.settle(`${chosen.operation.name}: ${labelOf(chosen.injector, chosen.fault)}`);
  return reached;
};

/** Everything on one dialect. Out: how many faults were made and how many findings there are. */
const runDialect = async (dialect: Dialect): Promise<readonly [hit: number, found: number]> => {
  await using world = await openWorld(dialect);
  const enumeration = await Enumeration.begin(world);
  let shown = 0;
  for (const [turn, chosen] of chosenIn(world).entries()) {
    const reached = await runAll(enumeration, chosen, turn);
    const label = labelOf(chosen.injector, chosen.fault);
    console.log(`${dialect}, ${chosen.operation.name}: ${label} at ${reached} points, ${seconds()} s`);
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
  const [hit, found] = await runDialect(dialect);
  totals.hit += hit;
  totals.found += found;
}
console.log(`${totals.hit} faults, ${totals.found} findings, ${seconds()} s`);
process.exitCode = totals.found > 0 ? 1 : 0;
