import assert from 'node:assert/strict';
import { test } from 'node:test';
import { display } from './display.ts';
import { NetworkInUse, NetworkNotFound } from './errors/network.ts';
import { HTTPNotFound, neutronErrorBody, OverQuota, PolicyNotAuthorized } from './errors/request.ts';

test('an error carries status, type and message', () => {
  const cause = new Error('cause');
  const error = NetworkNotFound({ id: 'x' }, { cause });
  assert.deepEqual(
    [NetworkNotFound.is(error), HTTPNotFound.is(error), HTTPNotFound.is('x')],
    [true, false, false],
  );
  assert.equal(error.status, 404);
  assert.equal(error.cause, cause);
  assert.deepEqual(neutronErrorBody(error), {
    NeutronError: { type: 'NetworkNotFound', message: 'Network x could not be found.', detail: '' },
  });
});

test('a fault of ours hides its cause', () => {
  assert.deepEqual(neutronErrorBody(new Error('password is secret')), {
    NeutronError: {
      type: 'HTTPInternalServerError',
      message: 'Request Failed: internal server error while processing your request.',
      detail: '',
    },
  });
});

test('messages of the reference', () => {
  assert.equal(
    OverQuota({ overs: ['port', 'network'] }).message,
    "Quota exceeded for resources: ['port', 'network'].",
  );
  assert.equal(
    PolicyNotAuthorized({ rule: 'create_network' }).message,
    'rule:create_network is disallowed by policy',
  );
  assert.match(NetworkInUse({ id: 'x' }).message, /one or more ports still in use on the network\.$/);
  assert.match(NetworkInUse({ id: 'x', reason: 'because' }).message, /network x\. because\.$/);
});

test('values in messages are spelled as the reference spells them, and bounded', () => {
  assert.equal(display({ a: [1, null, true, "it's"] }), `{'a': [1, None, True, "it's"]}`);
  assert.equal(display('a'.repeat(5000)).length, 1025);
  assert.ok(display(Array.from({ length: 10_000 }, () => 'x'.repeat(100))).length <= 1025);
  let deep: unknown = [];
  for (let level = 0; level < 50_000; level++) deep = [deep];
  assert.ok(display(deep).length < 100);
});
