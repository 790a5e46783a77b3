import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClusterError, errorStrings, OvsdbError, parseError, TimedOutError } from './errors.ts';

test('every error string has a class of its own', () => {
  const classes = new Set(errorStrings.map((error) => parseError({ error }).constructor));
  assert.equal(classes.size, errorStrings.length);
  assert.ok(!classes.has(OvsdbError));
  for (const error of errorStrings) {
    const parsed = parseError({ error, details: 'why' }, 3);
    assert.ok(parsed instanceof OvsdbError);
    assert.deepEqual([parsed.code, parsed.details, parsed.operation], [error, 'why', 3]);
    assert.equal(parsed.message, `${error}: why`);
    assert.equal(parsed.name, parsed.constructor.name);
  }
});

test('the error strings of RFC 7047 are all there', () => {
  const rfc = [
    'unknown database',
    'canceled',
    'resources exhausted',
    'I/O error',
    'duplicate uuid-name',
    'constraint violation',
    'referential integrity violation',
    'domain error',
    'range error',
    'timed out',
    'not supported',
    'aborted',
    'not owner',
    'unknown monitor',
    'syntax error',
    'internal error',
  ];
  assert.deepEqual(
    rfc.filter((error) => !errorStrings.includes(error)),
    [],
  );
});

test('bare strings, unknown strings and other values are errors too', () => {
  assert.ok(parseError('timed out') instanceof TimedOutError);
  assert.equal(parseError({ error: 'out of paper' }).constructor, OvsdbError);
  assert.equal(parseError({ error: 'out of paper' }).message, 'out of paper');
  assert.match(parseError(7).message, /unknown error: 7/);
});

test('a cluster error says whether the outcome is open', () => {
  const open = (details: string): boolean =>
    new ClusterError({ error: 'cluster error', details }).outcomeUnknown;
  assert.deepEqual([open('not leader'), open('prerequisite check failed')], [false, false]);
  assert.deepEqual([open('lost leadership'), open('timeout')], [true, true]);
});
