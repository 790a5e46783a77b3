import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccepts, assertRefuses } from './accepts.fixture.ts';
import { boolean, booleanOrNull } from './boolean.ts';
import { integer, oneOfIntegers } from './integer.ts';
import { hostId, requiredHost } from './port-binding.ts';
import { nameString, onelineString, string, stringOrNull, uniqueStrings } from './string.ts';
import { timestamp } from './timestamp.ts';
import { subnetPoolIdOrNull, uuid, uuidList, uuidOrNull } from './uuid.ts';
import { oneOf, orNullWhenStored } from './values.ts';

const ID = '6fa1c5a1-8c3a-4f0e-9d1b-0d8a5c1e2f30';
const OTHER = '6fa1c5a1-8c3a-4f0e-9d1b-0d8a5c1e2f31';

test('texts', () => {
  assertAccepts(string(5), [
    ['', ''],
    ['a\nb', 'a\nb'],
    ['😀😀😀😀😀', '😀😀😀😀😀'],
  ]);
  assertRefuses(string(5), [
    ['abcdef', "'abcdef' exceeds maximum length of 5"],
    [null, "'None' is not a valid string"],
    [true, "'True' is not a valid string"],
    [['a', 1], "'['a', 1]' is not a valid string"],
    ['a\0', "'a\0' is not a valid string"],
    ['\ud800', "'\ud800' is not a valid string"],
  ]);
  assertAccepts(stringOrNull(3), [
    [null, null],
    ['abc', 'abc'],
  ]);
});

test('names keep Unicode and refuse control characters and outer blanks', () => {
  assertAccepts(nameString(255), [
    ['', ''],
    ['web 1', 'web 1'],
    ['Зал-дві 機械 🚀', 'Зал-дві 機械 🚀'],
    ['"\'<>;--', '"\'<>;--'],
  ]);
  for (const bad of [' a', 'a ', '\ta', 'a\nb', 'a\u2028b', '\u00a0a', 'a\u200bb', '\u0007']) {
    assertRefuses(nameString(255), [[bad, `'${bad}' is not a valid string`]]);
  }
  assertRefuses(nameString(255), [['x'.repeat(256), `'${'x'.repeat(256)}' exceeds maximum length of 255`]]);
});

test('one line of text', () => {
  assertAccepts(onelineString(10), [['a b', 'a b']]);
  assertRefuses(onelineString(10), [
    ['', "'' Blank strings are not permitted"],
    ['  ', "'  ' Blank strings are not permitted"],
    ['a\nb', "Multi-line string is not allowed: 'a\nb'"],
    [1, "'1' is not a valid string"],
  ]);
});

test('lists of texts', () => {
  assertAccepts(uniqueStrings(3), [
    [[], []],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
  ]);
  assertRefuses(uniqueStrings(3), [
    ['a', "'a' is not a list"],
    [['a', 'b', 'a'], "Duplicate items in the list: 'a'"],
    [['abcd'], "'abcd' exceeds maximum length of 3"],
    [[{}], "'{}' is not a valid string"],
  ]);
});

test('booleans in every form that clients send', () => {
  for (const yes of [true, 'true', 'True', 'TRUE', 1, '1', 'on', 'yes', 't', 'y', ' true ']) {
    assertAccepts(boolean, [[yes, true]]);
  }
  for (const no of [false, 'false', 'False', 0, '0', 'off', 'no', 'f', 'n'])
    assertAccepts(boolean, [[no, false]]);
  assertRefuses(boolean, [
    ['maybe', "InvalidInput: Invalid input for operation: 'maybe' cannot be converted to boolean."],
    [null, "InvalidInput: Invalid input for operation: 'None' cannot be converted to boolean."],
    [2, "InvalidInput: Invalid input for operation: '2' cannot be converted to boolean."],
    [[], "InvalidInput: Invalid input for operation: '[]' cannot be converted to boolean."],
  ]);
  assertAccepts(booleanOrNull, [[null, null]]);
});

test('integers', () => {
  assertAccepts(integer(1, 10), [
    [1, 1],
    ['10', 10],
    [' 7 ', 7],
    [3.9, 3],
  ]);
  assertAccepts(integer(0), [[-0.5, 0]]);
  assertRefuses(integer(1, 10), [
    [0, "'0' is too small - must be at least '1'"],
    [11, "'11' is too large - must be no larger than '10'"],
    ['x', "InvalidInput: Invalid input for operation: 'x' is not an integer."],
    ['1.5', "InvalidInput: Invalid input for operation: '1.5' is not an integer."],
    [null, "InvalidInput: Invalid input for operation: 'None' is not an integer."],
    [true, "InvalidInput: Invalid input for operation: 'True' is not an integer."],
    [Number.POSITIVE_INFINITY, "InvalidInput: Invalid input for operation: 'Infinity' is not an integer."],
    ['9'.repeat(50), "'1e+50' is too large - must be no larger than '10'"],
  ]);
  assertRefuses(integer(0), [[-1, "'-1' should be non-negative"]]);
  assertAccepts(oneOfIntegers([4, 6]), [['4', 4]]);
  assertRefuses(oneOfIntegers([4, 6]), [[5, '5 is not in [4, 6]']]);
});

test('uuids', () => {
  assertAccepts(uuid, [
    [ID, ID],
    [ID.toUpperCase(), ID],
    [ID.replaceAll('-', ''), ID],
    [`{${ID}}`, ID],
    [`urn:uuid:${ID}`, ID],
  ]);
  assertRefuses(uuid, [
    ['x', "'x' is not a valid UUID"],
    [`${ID}0`, `'${ID}0' is not a valid UUID`],
    [` ${ID}`, `' ${ID}' is not a valid UUID`],
    [null, "'None' is not a valid UUID"],
  ]);
  assertAccepts(uuidOrNull, [[null, null]]);
  assertAccepts(subnetPoolIdOrNull, [
    [null, null],
    ['prefix_delegation', 'prefix_delegation'],
    [ID, ID],
  ]);
  assertAccepts(uuidList, [
    [null, []],
    [
      [ID, OTHER],
      [ID, OTHER],
    ],
  ]);
  assertRefuses(uuidList, [
    [[ID, ID.toUpperCase()], `Duplicate items in the list: '${ID.toUpperCase()}'`],
    [ID, `'${ID}' is not a list`],
    [['x'], "'x' is not a valid UUID"],
  ]);
});

test('choices', () => {
  assertAccepts(oneOf(['a', 'b']), [['a', 'a']]);
  assertRefuses(oneOf(['a', 'b']), [
    ['c', "c is not in ['a', 'b']"],
    [null, "None is not in ['a', 'b']"],
  ]);
  assertRefuses(orNullWhenStored(oneOf(['a'])), [[null, "None is not in ['a']"]]);
});

test('moments', () => {
  assertAccepts(timestamp, [
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05+0200', '2026-01-02T01:04:05Z'],
    ['2026-01-02 03:04:05', '2026-01-02T03:04:05Z'],
    ['2026-01-02', '2026-01-02T00:00:00Z'],
  ]);
  for (const bad of ['2026-13-02', 'yesterday', '', 5, '2026-01-02T25:00:00Z']) {
    assertRefuses(timestamp, [[bad, 'not in the format YYYY-MM-DDTHH:MM:SSZ']]);
  }
});

test('hosts of bindings', () => {
  assertAccepts(hostId, [
    [null, ''],
    ['', ''],
    ['node-1', 'node-1'],
  ]);
  assertAccepts(requiredHost, [['node-1', 'node-1']]);
  assertRefuses(requiredHost, [
    ['', "'' Blank strings are not permitted"],
    [null, "'None' is not a valid string"],
  ]);
});

test('an empty filter text means no value where there may be none, and the empty text elsewhere', () => {
  const nothing = { ok: true, value: null };
  for (const type of [
    booleanOrNull,
    uuidOrNull,
    orNullWhenStored(integer(0)),
    orNullWhenStored(oneOf(['a'])),
  ]) {
    assert.deepEqual(type.fromQuery?.(''), nothing);
  }
  assert.deepEqual(orNullWhenStored(integer(0)).fromQuery?.('7'), { ok: true, value: 7 });
  assert.deepEqual(orNullWhenStored(oneOf(['a'])).fromQuery?.('b'), { ok: true, value: 'b' });
  assert.equal(string(5).fromQuery, undefined);
});
