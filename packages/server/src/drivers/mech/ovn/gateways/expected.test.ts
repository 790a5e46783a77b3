import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ExpectedChassis } from './expected.ts';

const setOf = (...names: string[]): ReadonlySet<string> => new Set(names);

const watched = (...before: string[]) => {
  const time = { now: 1_000 };
  const expected = new ExpectedChassis(() => time.now);
  expected.begin(new Set(before));
  return { time, expected };
};

describe('chassis that vanish together', () => {
  it('are expected until the last one is back', () => {
    const { expected } = watched('a', 'b', 'c');
    expected.see(setOf());
    assert.equal(expected.remaining, 10_000);
    expected.see(setOf('b'));
    expected.see(setOf('a', 'b'));
    assert.equal(expected.remaining, 10_000);
    expected.see(setOf('a', 'b', 'c'));
    assert.equal(expected.remaining, 0);
  });

  it('are expected for ten seconds after whoever came last', () => {
    const { time, expected } = watched('a', 'b', 'c');
    expected.see(setOf('c'));
    time.now += 9_000;
    assert.equal(expected.remaining, 1_000);
    expected.see(setOf('c', 'new'));
    assert.equal(expected.remaining, 10_000);
    time.now += 10_000;
    assert.equal(expected.remaining, 0);
  });

  it('are most of all, and more than one', () => {
    for (const [before, after] of [
      [['a'], []],
      [
        ['a', 'b', 'c', 'd'],
        ['a', 'b'],
      ],
      [['a', 'b'], ['b']],
    ] as const) {
      const { expected } = watched(...before);
      expected.see(setOf(...after));
      assert.equal(expected.remaining, 0);
    }
  });

  it('one after the other are not', () => {
    const { expected } = watched('a', 'b', 'c');
    for (const rest of [setOf('a', 'b'), setOf('a'), setOf()]) expected.see(rest);
    assert.equal(expected.remaining, 0);
  });

  it('are nobody while it is not known who was there', () => {
    const expected = new ExpectedChassis(() => 0);
    expected.see(setOf('a', 'b'));
    expected.see(setOf());
    assert.deepEqual([expected.begun, expected.remaining], [false, 0]);
  });
});
