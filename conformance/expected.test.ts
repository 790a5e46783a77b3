import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compare, readExpected } from './expected.ts';
import type { TestResult } from './results.ts';

const result = (name: string, outcome: TestResult['outcome']): TestResult => ({
  name,
  outcome,
  seconds: 0,
  detail: '',
});

describe('tests that must pass', () => {
  test('failing, skipped and vanished ones are lost, new ones gained', () => {
    const results = [result('a', 'ok'), result('b', 'FAIL'), result('c', 'SKIP'), result('e', 'ok')];
    assert.deepEqual(compare(['a', 'b', 'c', 'd'], results), {
      lost: [
        { name: 'b', outcome: 'FAIL' },
        { name: 'c', outcome: 'SKIP' },
        { name: 'd', outcome: 'gone' },
      ],
      gained: ['e'],
    });
  });

  test('the list is sorted and names each test once', () => {
    const names = readExpected();
    assert.deepEqual(names, [...new Set(names)].sort());
  });
});
