import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowMaker } from './row-maker.ts';

test('rows are the same before and after their maker is compiled, whatever the columns are called', () => {
  const make = rowMaker(['id', 'a "b"', "} }; throw 1; '\\", 'select']);
  for (let index = 0; index < 1_000; index += 1) {
    assert.deepEqual(make([`i${index}`, null, index, 'x']), {
      id: `i${index}`,
      'a "b"': null,
      "} }; throw 1; '\\": index,
      select: 'x',
    });
  }
});
