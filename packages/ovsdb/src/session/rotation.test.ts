import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpoint } from './endpoint.ts';
import { EndpointRotation } from './rotation.ts';

test('all endpoints are tried before a pause, and the bound of pauses doubles', () => {
  const rotation = new EndpointRotation(['a', 'b'], { min: 50, max: 300 }, () => 1);
  const seen: [string, number][] = [];
  for (let at = 0; at < 10; at += 1) seen.push([rotation.current, rotation.next()]);
  assert.deepEqual(seen, [
    ['a', 0],
    ['b', 50],
    ['a', 0],
    ['b', 100],
    ['a', 0],
    ['b', 200],
    ['a', 0],
    ['b', 300],
    ['a', 0],
    ['b', 300],
  ]);
  rotation.reset();
  assert.deepEqual([rotation.next(), rotation.next()], [0, 50]);
});

test('jitter is full: any part of the bound', () => {
  const values = [0, 0.25, 0.999];
  const rotation = new EndpointRotation(['a'], { min: 100, max: 100 }, () => values.shift() ?? 0);
  assert.deepEqual([rotation.next(), rotation.next(), rotation.next()], [0, 25, 99.9]);
});

test('endpoints are read as ovsdb(7) writes them', () => {
  assert.deepEqual(parseEndpoint('unix:/a/b c'), { kind: 'unix', path: '/a/b c' });
  assert.deepEqual(parseEndpoint('tcp:127.0.0.1:6641'), { kind: 'tcp', host: '127.0.0.1', port: 6641 });
  assert.deepEqual(parseEndpoint('ssl:[::1]:6641'), { kind: 'ssl', host: '::1', port: 6641 });
  assert.deepEqual(parseEndpoint('ssl:db.example:1'), { kind: 'ssl', host: 'db.example', port: 1 });
  for (const text of [
    '',
    'unix:',
    'tcp:1.2.3.4',
    'tcp:::1:1',
    'tcp:h:0',
    'tcp:h:65536',
    'http:h:1',
    'tcp:h:x',
  ]) {
    assert.throws(() => parseEndpoint(text), TypeError, text);
  }
});
