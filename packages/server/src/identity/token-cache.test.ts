import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { createTokenCache, hashOf } from './token-cache.ts';

test('no more tokens are kept than fit, and the one unused for longest goes first', () => {
  const cache = createTokenCache<number>(2);
  cache.set('a', 1, 100);
  cache.set('b', 2, 100);
  assert.equal(cache.get('a', 0), 1);
  cache.set('c', 3, 100);
  assert.deepEqual(
    ['a', 'b', 'c'].map((token) => cache.get(token, 0)),
    [1, undefined, 3],
  );
});

test('what is remembered ends, and is then gone', () => {
  const cache = createTokenCache<number>(2);
  cache.set('a', 1, 100);
  assert.equal(cache.get('a', 99), 1);
  assert.equal(cache.get('a', 100), undefined);
  assert.equal(cache.get('a', 0), undefined);
});

test('a token is not what it is remembered by', () => {
  const token = 'gAAAAA-a-token';
  assert.equal(hashOf(token).includes(token), false);
  assert.notEqual(hashOf(token), hashOf(`${token}x`));
  const cache = createTokenCache<number>(2);
  cache.set(token, 1, 100);
  assert.equal(inspect(cache, { depth: null, showHidden: true }).includes(token), false);
});
