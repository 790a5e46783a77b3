import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { explains } from './accepted.ts';
import { accepted } from './accepted-list.ts';
import type { Difference } from './difference.ts';

const document = readFileSync(new URL('../docs/differences.md', import.meta.url), 'utf8');
const told = new Set(
  document
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split(' | ')[0]?.slice(2)),
);

const difference: Difference = {
  scenario: 'ports, taken back',
  place: 'NB/Port/options:x',
  subject: '{one}',
  ovenbird: ['a'],
};

describe('accepted differences', () => {
  test('each is told in docs/differences.md', () => {
    const untold = accepted.filter(({ row }) => !told.has(row)).map(({ row }) => row);
    assert.deepEqual([...new Set(untold)], []);
  });

  test('an entry explains what it names, and nothing else', () => {
    const yes = [
      { place: 'NB/Port/options:x' },
      { place: 'NB/Port/options:*' },
      { place: 'NB/*', scenario: /^ports/, subject: /one/, reference: /^undefined$/, ovenbird: /"a"/ },
    ];
    const no = [
      { place: 'NB/Port/options' },
      { place: 'NB/Port/options:y' },
      { place: 'NB/*', scenario: /^networks/ },
      { place: 'NB/*', subject: /two/ },
      { place: 'NB/*', reference: /a/ },
      { place: 'NB/*', ovenbird: /b/ },
    ];
    for (const entry of yes) assert.ok(explains({ ...entry, row: '' }, difference), entry.place);
    for (const entry of no) assert.ok(!explains({ ...entry, row: '' }, difference), entry.place);
  });
});
