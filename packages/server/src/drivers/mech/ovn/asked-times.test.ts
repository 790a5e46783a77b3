import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AskedTimes } from './asked-times.ts';

const at = (second: number): Date => new Date(second * 1000);

it('knows when the first number after another was handed out', () => {
  const asked = new AskedTimes();
  assert.equal(asked.latest, 0);
  assert.equal(asked.sinceAfter(0), undefined);
  asked.note(5, at(1));
  asked.note(5, at(2));
  asked.note(7, at(3));
  asked.note(8, at(4));
  assert.equal(asked.latest, 8);
  assert.equal(asked.sinceAfter(4), undefined, 'handed out before anybody looked');
  assert.deepEqual(asked.sinceAfter(5), at(3));
  assert.deepEqual(asked.sinceAfter(6), at(3));
  assert.deepEqual(asked.sinceAfter(7), at(4));
  assert.equal(asked.sinceAfter(8), undefined);
});

it('begins anew when the database does, and forgets what is old', () => {
  const asked = new AskedTimes();
  asked.note(50, at(1));
  asked.note(2, at(2));
  assert.equal(asked.latest, 2);
  for (let number = 3; number < 1_000; number += 1) asked.note(number, at(number));
  assert.equal(asked.sinceAfter(3), undefined);
  assert.deepEqual(asked.sinceAfter(997), at(998));
});
