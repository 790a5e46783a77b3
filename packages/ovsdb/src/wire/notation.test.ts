import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ColumnValue } from '../contract.ts';
import type { AtomicType, ColumnType } from '../schema/database-schema.ts';
import { decodeValue, encodeValue, equalValues, NotationError } from './notation.ts';

const atoms: { readonly [type in AtomicType]: fc.Arbitrary<string | number | boolean> } = {
  integer: fc.maxSafeInteger(),
  real: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  boolean: fc.boolean(),
  string: fc.string({ unit: 'grapheme' }),
  uuid: fc.uuid(),
};
const typeName = fc.constantFrom<AtomicType>('integer', 'real', 'boolean', 'string', 'uuid');

type TypedValue = readonly [ColumnType, ColumnValue];

const typed: fc.Arbitrary<TypedValue> = fc
  .tuple(typeName, typeName, fc.constantFrom('one', 'optional', 'set', 'map'))
  .chain(([key, value, kind]): fc.Arbitrary<TypedValue> => {
    const atom = atoms[key];
    const base = { key: { type: key } };
    const sets = { ...base, min: 0, max: 'unlimited' } as const;
    const of = (type: ColumnType, values: fc.Arbitrary<ColumnValue>): fc.Arbitrary<TypedValue> =>
      values.map((item): TypedValue => [type, item]);
    if (kind === 'one') return of({ ...base, min: 1, max: 1 }, atom);
    if (kind === 'optional') return of({ ...base, min: 0, max: 1 }, fc.option(atom, { nil: undefined }));
    if (kind === 'set') {
      return of(
        sets,
        fc.array(atom).map((members) => new Set(members)),
      );
    }
    return of(
      { ...sets, value: { type: value } },
      fc.array(fc.tuple(atom, atoms[value])).map((pairs) => new Map(pairs)),
    );
  });

test('what is encoded is decoded to the same value', () => {
  fc.assert(
    fc.property(typed, ([type, value]) => {
      const wire: unknown = JSON.parse(JSON.stringify(encodeValue(value, type)));
      assert.ok(equalValues(decodeValue(wire, type), value));
    }),
  );
});

test('a set of one may come as an atom, and an optional value as a set', () => {
  const strings: ColumnType = { key: { type: 'string' }, min: 0, max: 'unlimited' };
  assert.deepEqual(decodeValue('a', strings), new Set(['a']));
  const optional: ColumnType = { key: { type: 'uuid' }, min: 0, max: 1 };
  assert.equal(decodeValue(['set', []], optional), undefined);
  assert.equal(decodeValue(['set', [['uuid', 'u']]], optional), 'u');
  assert.equal(decodeValue(['uuid', 'u'], optional), 'u');
});

test('values of another type are refused', () => {
  const integer: ColumnType = { key: { type: 'integer' }, min: 1, max: 1 };
  for (const wire of ['1', true, null, ['set', []], ['set', [1, 2]], ['map', []], {}]) {
    assert.throws(() => decodeValue(wire, integer), NotationError);
  }
  const map: ColumnType = { key: { type: 'string' }, value: { type: 'integer' }, min: 0, max: 'unlimited' };
  for (const wire of ['x', ['set', []], ['map', [['a']]], ['map', [['a', 'b']]]]) {
    assert.throws(() => decodeValue(wire, map), NotationError);
  }
});

test('equality ignores order and tells kinds apart', () => {
  assert.ok(equalValues(new Set([1, 2]), new Set([2, 1])));
  assert.ok(!equalValues(new Set([1, 2]), new Set([1, 3])));
  assert.ok(!equalValues(new Set([1]), new Set([1, 2])));
  const pairs = (...list: [string, string][]): Map<string, string> => new Map(list);
  assert.ok(equalValues(pairs(['a', '1'], ['b', '2']), pairs(['b', '2'], ['a', '1'])));
  assert.ok(!equalValues(pairs(['a', '1']), pairs(['a', '2'])));
  assert.ok(!equalValues(new Set(['a']), new Map([['a', 'a']])));
  assert.ok(!equalValues(undefined, ''));
});
