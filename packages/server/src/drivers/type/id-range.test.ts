import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { disjointRanges, parseIdRange, parsePhysicalRanges, withoutRanges } from './id-range.ts';

const VLAN = { min: 1, max: 4094 };

describe('id ranges', () => {
  it('reads first:last', () => {
    assert.deepEqual(parseIdRange('100:200', VLAN), { min: 100, max: 200 });
    assert.deepEqual(parseIdRange(' 1 : 4094 ', VLAN), { min: 1, max: 4094 });
    assert.deepEqual(parseIdRange('7:7', VLAN), { min: 7, max: 7 });
  });

  const name = 'SegmentRangeError';
  const noNumber = (part: string): string => `'${part}' is not a number from 1 to 4094`;
  const refusals: { readonly [text: string]: string } = {
    '': 'it must read first:last',
    1: 'it must read first:last',
    '1:': noNumber(''),
    ':2': noNumber(''),
    '1:2:3': 'it must read first:last',
    'a:b': noNumber('a'),
    '0:5': noNumber('0'),
    '1: 4095': noNumber('4095'),
    '5:4': 'it ends before it begins',
    '-1:5': noNumber('-1'),
    '1.5:2': noNumber('1.5'),
    '1e2:200': noNumber('1e2'),
    '00000000001:2': noNumber('00000000001'),
  };
  for (const [text, reason] of Object.entries(refusals)) {
    it(`refuses '${text}'`, () => {
      assert.throws(() => parseIdRange(text, VLAN), {
        name,
        message: `segment range '${text}': ${reason}`,
      });
    });
  }

  it('reads physical networks with and without ranges, in order', () => {
    const ranges = parsePhysicalRanges(['b:10:20', 'a ', ' b :15:30', 'b:40:50'], VLAN);
    assert.deepEqual(
      [...ranges],
      [
        [
          'b',
          [
            { min: 10, max: 30 },
            { min: 40, max: 50 },
          ],
        ],
        ['a', []],
      ],
    );
    for (const text of [':1:2', ' :1:2', ' ', ''])
      assert.throws(() => parsePhysicalRanges([text], VLAN), {
        name,
        message: `segment range '${text}': the physical network is missing`,
      });
    assert.throws(() => parsePhysicalRanges(['b:1'], VLAN), {
      name,
      message: "segment range '1': it must read first:last",
    });
  });

  it('merges into disjoint ranges that hold the same ids', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(range), (pairs) => {
        const given = pairs.map(([min, more]) => ({ min, max: min + more }));
        const merged = disjointRanges(given);
        for (const [index, one] of merged.entries()) {
          const before = merged[index - 1];
          assert.ok(before === undefined || before.max + 1 < one.min);
        }
        for (let id = 0; id <= 80; id += 1) {
          const within = (ranges: readonly { min: number; max: number }[]) =>
            ranges.some(({ min, max }) => id >= min && id <= max);
          assert.equal(within(merged), within(given));
        }
      }),
    );
  });

  it('leaves what others do not hold', () => {
    const range = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 12 }));
    const disjoint = fc
      .array(range)
      .map((pairs) => disjointRanges(pairs.map(([min, more]) => ({ min, max: min + more }))));
    fc.assert(
      fc.property(disjoint, disjoint, (ranges, taken) => {
        const left = withoutRanges(ranges, taken);
        for (let id = 0; id <= 80; id += 1) {
          const within = (some: readonly { min: number; max: number }[]) =>
            some.some(({ min, max }) => id >= min && id <= max);
          assert.equal(within(left), within(ranges) && !within(taken));
        }
        assert.deepEqual(left, disjointRanges(left));
      }),
    );
  });
});
