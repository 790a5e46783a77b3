import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIfMatch } from './if-match.ts';
import { checkTagCount, parseTag, parseTags } from './tags.ts';

const refusal = (message: string) => ({ status: 400, message });
const invalid = (message: string) => refusal(`Invalid input for operation: ${message}.`);

test('tags of a body', () => {
  assert.deepEqual(parseTags({ tags: ['a', 'kubernetes.io/x=y'] }), ['a', 'kubernetes.io/x=y']);
  for (const body of [undefined, null, [], 'x', {}, JSON.parse('{"__proto__": {"tags": []}}')]) {
    assert.throws(() => parseTags(body), invalid('Invalid tags body'));
  }
  assert.throws(() => parseTags({ tags: 'a' }), invalid("'a' is not a list"));
  assert.throws(() => parseTags({ tags: ['a', 'a'] }), invalid("Duplicate items in the list: 'a'"));
  assert.throws(() => parseTags({ tags: [1] }), invalid("'1' is not a valid string"));
});

test('length and number', () => {
  assert.equal(parseTag('ü'.repeat(255)).length, 255);
  assert.throws(
    () => parseTag('ü'.repeat(256)),
    invalid(`'${'ü'.repeat(256)}' exceeds maximum length of 255`),
  );
  const tags = Array.from({ length: 51 }, (_, index) => `t${index}`);
  checkTagCount('networks', [...tags.slice(1), 't1']);
  const message = 'Bad networks request: The number of tags exceed the per-resource limit of 50.';
  assert.throws(() => checkTagCount('networks', tags), refusal(message));
});

test('If-Match', () => {
  for (const header of ['revision_number=7', '"revision_number=7"', 'W/"x", "revision_number=7"']) {
    assert.equal(parseIfMatch(header), 7, header);
  }
  for (const header of [undefined, '', '*', '"abc"']) assert.equal(parseIfMatch(header), undefined);
  const bad = (msg: string) => refusal(`Bad if-match request: ${msg}.`);
  assert.throws(
    () => parseIfMatch('revision_number=x'),
    bad('Revision number etag must be in the format of revision_number=<int>'),
  );
  assert.throws(
    () => parseIfMatch('revision_number=1,revision_number=2'),
    bad('Multiple revision_number etags are not supported.'),
  );
});
