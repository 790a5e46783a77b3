import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FramingError, MessageFramer } from './framer.ts';

function frames(chunks: readonly Buffer[], limit?: number): unknown[] {
  const framer = new MessageFramer(limit);
  return chunks.flatMap((chunk) => [...framer.push(chunk)]);
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

test('messages survive any split of the stream', () => {
  const message = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.jsonValue({ stringUnit: 'binary', depthSize: 'small' }),
  );
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.nat(), { maxLength: 40 }),
      fc.constantFrom('', '\n', ' \r\n\t'),
      (messages, cuts, separator) => {
        // Printing once turns lone surrogates and -0, which have no UTF-8 or JSON form, into what the wire can carry.
        const wire = Buffer.from(messages.map((item) => JSON.stringify(item)).join(separator));
        const expected = messages.map((item) => JSON.parse(Buffer.from(JSON.stringify(item)).toString()));
        assert.deepEqual(frames(split(wire, cuts)), expected);
      },
    ),
    { numRuns: 300 },
  );
});

test('every one-byte split of escapes and multi-byte characters', () => {
  const value = { 'a"\\': ['\\', '"', '{[', '€', '😀', '\\"', { b: [] }], c: '\\\\' };
  const wire = Buffer.from(JSON.stringify(value) + JSON.stringify(value));
  const bytes = [...wire].map((byte) => Buffer.from([byte]));
  assert.deepEqual(frames(bytes), [value, value]);
  for (let cut = 0; cut <= wire.length; cut += 1) {
    assert.deepEqual(frames([wire.subarray(0, cut), wire.subarray(cut)]), [value, value]);
  }
});

test('what is not an object is refused', () => {
  assert.throws(() => frames([Buffer.from('[1]')]), FramingError);
  assert.throws(() => frames([Buffer.from('{} x')]), FramingError);
  assert.throws(() => frames([Buffer.from('{"a":}')]), FramingError);
  assert.throws(() => frames([Buffer.from('{]')]), FramingError);
});

test('a message that is too large is refused before it is complete', () => {
  const part = Buffer.from(`{"a":"${'x'.repeat(60)}`);
  const framer = new MessageFramer(100);
  assert.deepEqual([...framer.push(part)], []);
  assert.equal(framer.heldBytes, part.length);
  assert.throws(() => [...framer.push(part)], FramingError);
  const whole = Buffer.from(JSON.stringify({ a: 'x'.repeat(20) }));
  assert.equal(frames([whole, whole, whole, whole, whole], 100).length, 5);
});
