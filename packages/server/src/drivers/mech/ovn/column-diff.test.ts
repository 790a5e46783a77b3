import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnDifferences } from './column-diff.ts';

const differences = (have: Iterable<[string, string]>, want: Iterable<[string, string]>) =>
  columnDifferences('DNS', { records: new Map(have) }, { records: new Map(want) }, () => true);

const names = (count: number) =>
  Array.from({ length: count }, (_, index): [string, string] => [`vm-${index}`, `10.0.0.${index}`]);

test('of a map of many names only the one that is new is written and shown', () => {
  const added = new Map([['vm-99', '10.0.0.99']]);
  const nothing = new Map<string, string>();
  const patch = { remove: new Set<string>(), put: added };
  assert.deepEqual(differences(names(99), names(100)), [
    { column: 'records', have: nothing, want: added, patch },
  ]);
  assert.deepEqual(differences(names(100), names(100)), []);
});

test('a name that changed or went is taken out, one that changed is put in again', () => {
  const have = new Map([
    ['vm-0', '10.0.0.7'],
    ['vm-3', '10.0.0.3'],
  ]);
  const want = new Map([['vm-0', '10.0.0.0']]);
  const found = differences([...names(3), ...have], names(3));
  assert.deepEqual(found, [
    { column: 'records', have, want, patch: { remove: new Set(['vm-0', 'vm-3']), put: want } },
  ]);
});
