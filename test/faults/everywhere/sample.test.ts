import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Case, Enumeration } from './enumerate.ts';
import { operations } from './operations/index.ts';
import type { Operation } from './operations/kit.ts';
import { type Dialect, openWorld, type World } from './world.ts';

/** Steps through faults and statements that have no common factor with how many there are. */
const FAULT_STRIDE = 5;
const STATEMENT_STRIDE = 7;
/** Every operation has at least so many statements. */
const STATEMENTS = 10;

/** Each dialect is tried with every so manieth operation, from another one on. */
const OPERATION_STRIDE = 6;

/** Operations once each, with another fault at another point. */
const sampleOf = ({ injectors }: World, chosen: readonly Operation[]): readonly Case[] => {
  const faults = injectors.flatMap((injector) => injector.faults.map((fault) => ({ injector, fault })));
  return chosen.flatMap((operation, index) => {
    const chosen = faults[(index * FAULT_STRIDE) % faults.length];
    if (chosen === undefined) return [];
    const ofSql = chosen.injector.place !== 'northbound';
    return [{ operation, ...chosen, nth: ofSql ? 1 + ((index * STATEMENT_STRIDE) % STATEMENTS) : 1 }];
  });
};

for (const [turn, dialect] of (['sqlite', 'postgres'] satisfies readonly Dialect[]).entries())
  it(`answers are true and nothing is lost whatever fails where, on ${dialect}: a sample`, async () => {
    await using world = await openWorld(dialect);
    const first = turn * (OPERATION_STRIDE / 2);
    const chosen = operations.filter((_, index) => index % OPERATION_STRIDE === first);
    const enumeration = await Enumeration.begin(world, chosen);
    const cases = sampleOf(world, chosen);
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
