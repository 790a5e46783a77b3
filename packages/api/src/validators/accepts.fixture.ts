import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { ValueType } from '../value-type.ts';

/** Check that a type brings each value to the form beside it, and that form to itself. */
export const assertAccepts = <T, I>(
  type: ValueType<T, I>,
  rows: readonly (readonly [unknown, unknown])[],
): void => {
  for (const [given, stored] of rows) {
    const parsed = type.parse(given);
    assert.ok(parsed.ok, `${inspect(given, { depth: 3 })}: ${parsed.ok ? '' : parsed.reason}`);
    assert.deepEqual(parsed.value, stored);
    assert.deepEqual(type.parse(parsed.value), { ok: true, value: stored });
  }
};

/** Check that a type refuses each value for the reason beside it; `TypeName: reason` where it has an error of its own. */
export const assertRefuses = <T, I>(
  type: ValueType<T, I>,
  rows: readonly (readonly [unknown, string])[],
): void => {
  for (const [given, reason] of rows) {
    const parsed = type.parse(given);
    assert.ok(!parsed.ok, `${inspect(given, { depth: 3 })} was accepted`);
    const shown =
      parsed.error === undefined ? parsed.reason : `${parsed.error.type}: ${parsed.error.message}`;
    assert.equal(shown, reason);
  }
};
