import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Case, Enumeration } from './enumerate.ts';
import { operations } from './operations.ts';
import { type Dialect, openWorld, type World } from './world.ts';

/** Steps through faults and statements that have no common factor with how many there are. */
const FAULT_STRIDE = 5;
const STATEMENT_STRIDE = 7;
/** Every operation has at least so many statements. */
const STATEMENTS = 10;

/** Every operation once, each with another fault at another point. */
const sampleOf = ({ injectors }: World): readonly Case[] => {
  const faults = injectors.flatMap((injector) => injector.faults.map((fault) => ({ injector, fault })));
  return operations.flatMap((operation, index) => {
    const chosen = faults[(index * FAULT_STRIDE) % faults.length];
    if (chosen === undefined) return [];
    const ofSql = chosen.injector.place !== 'northbound';
    return [{ operation, ...chosen, nth: ofSql ? 1 + ((index * STATEMENT_STRIDE) % STATEMENTS) : 1 }];
  });
};

for (const dialect of ['sqlite', 'postgres'] satisfies readonly Dialect[])
  it(`answers are true and nothing is lost whatever fails where, on ${dialect}: a sample`, async () => {
    await using world = await openWorld(dialect);
    const enumeration = await Enumeration.begin(world);
    const cases = sampleOf(world);
    for (const one of cases) await enumeration.run(one);
    await enumeration.settle('all');
    assert.deepEqual(enumeration.findings, []);
    // A busy machine may take a moment so long that what was to be written to OVN is overtaken.
    assert.ok(
      enumeration.hit > cases.length / 2,
      `${enumeration.hit} of ${cases.length} points were reached`,
    );
    assert.ok([...enumeration.answers.keys()].some((answer) => /: (0|5\d\d)$/.test(answer)));
  });
