import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createTokenBuckets } from './token-buckets.ts';

test('a burst, then the rate, each key for itself', () => {
  let now = 0;
  const buckets = createTokenBuckets({ rate: 2, burst: 3, capacity: 10, now: () => now });
  assert.deepEqual(
    [1, 2, 3].map(() => buckets.take('red')),
    [0, 0, 0],
  );
  assert.equal(buckets.take('red'), 0.5);
  assert.equal(buckets.take('blue'), 0);
  now = 499;
  assert.ok(buckets.take('red') > 0);
  now = 500;
  assert.equal(buckets.take('red'), 0);
  now = 60_000;
  assert.deepEqual(
    [1, 2, 3].map(() => buckets.take('red')),
    [0, 0, 0],
  );
  assert.ok(buckets.take('red') > 0);
});

test('who waits as told passes, whatever the fractions round to', () => {
  let now = 0;
  const buckets = createTokenBuckets({ rate: 10, burst: 1, capacity: 1, now: () => now });
  buckets.take('x');
  now = 8;
  assert.equal(Math.ceil(buckets.take('x') * 1000), 92);
  // 0.08 and 0.92 of a token, in fractions of two, are a last bit less than one.
  now += 92;
  assert.equal(buckets.take('x'), 0);
});

test('remembers a bounded number of keys, the busy ones', () => {
  const buckets = createTokenBuckets({ rate: 1, burst: 1, capacity: 2, now: () => 0 });
  buckets.take('busy');
  for (const key of ['a', 'b', 'c', 'd']) {
    buckets.take(key);
    assert.ok(buckets.take('busy') > 0, key);
  }
  assert.equal(buckets.take('a'), 0);
});

test('never lets through more than burst and rate allow, and never less when asked as told', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      pauses,
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 20 }),
      (steps, rate, burst) => {
        let now = 0;
        let passed = 0;
        const buckets = createTokenBuckets({ rate, burst, capacity: 1, now: () => now });
        for (const step of steps) {
          now += step;
          const wait = buckets.take('x');
          if (wait === 0) passed += 1;
          else {
            now += Math.ceil(wait * 1000);
            assert.equal(buckets.take('x'), 0);
            passed += 1;
          }
          assert.ok(passed <= burst + (now / 1000) * rate + 1e-6);
        }
      },
    ),
    { numRuns: 200 },
  );
});
