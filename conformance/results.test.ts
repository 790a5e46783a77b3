import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { count, createResults, nameOf, type TestResult } from './results.ts';

const line = (id: string, status: string, detail = '') => ({ id, status, seconds: 0.5, detail });
const outcomesOf = (results: readonly TestResult[]) =>
  Object.fromEntries(results.map(({ name, outcome }) => [name, outcome]));

describe('results of a run', () => {
  test('names lose ids and keep scenarios', () => {
    assert.equal(nameOf('a.b.C.test_x[id-1,smoke]'), 'a.b.C.test_x');
    assert.equal(nameOf('a.b.C.test_x[id-1](tcp)'), 'a.b.C.test_x(tcp)');
    assert.equal(nameOf('a.b.C.test_x'), 'a.b.C.test_x');
  });

  test('a test is told when it ends', () => {
    const told: TestResult[] = [];
    const results = createResults(['a.C.x', 'a.C.y', 'a.C.z'], (result) => told.push(result));
    results.add(line('a.C.x[id-1]', 'success'));
    results.add(line('a.C.y[id-2]', 'skip', 'no such extension'));
    results.add(line('a.C.z[id-3]', 'fail', 'Traceback'));
    assert.deepEqual(outcomesOf(told), { 'a.C.x': 'ok', 'a.C.y': 'SKIP', 'a.C.z': 'FAIL' });
    assert.deepEqual(count(results.finish()), { ok: 1, FAIL: 1, SKIP: 1 });
    assert.equal(told[1]?.detail, 'no such extension');
  });

  test('the preparation of a class decides on its tests, and on no others', () => {
    const results = createResults(['a.C.x', 'a.C.y', 'a.D.x', 'a.E.x'], () => {});
    results.add(line('setUpClass (a.C)', 'fail', 'Traceback'));
    results.add(line('setUpClass (a.D)', 'skip', 'no such extension'));
    results.add(line('a.E.x', 'success'));
    assert.deepEqual(outcomesOf(results.finish()), {
      'a.C.x': 'FAIL',
      'a.C.y': 'FAIL',
      'a.D.x': 'SKIP',
      'a.E.x': 'ok',
    });
  });

  test('a class that is not cleaned up counts as a failure beside its tests', () => {
    const results = createResults(['a.C.x'], () => {});
    results.add(line('a.C.x', 'success'));
    results.add(line('tearDownClass (a.C)', 'fail', 'Traceback'));
    assert.deepEqual(outcomesOf(results.finish()), { 'a.C.x': 'ok', 'tearDownClass (a.C)': 'FAIL' });
  });

  test('a test that nothing was heard of has failed', () => {
    const results = createResults(['a.C.x', 'a.C.y'], () => {});
    results.add(line('a.C.x', 'success'));
    results.add(line('a.C.y', 'inprogress'));
    assert.deepEqual(outcomesOf(results.finish()), { 'a.C.x': 'ok', 'a.C.y': 'FAIL' });
    assert.deepEqual(outcomesOf(createResults(['a.C.x'], () => {}).finish()), { 'a.C.x': 'FAIL' });
  });
});
