import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FramingError, MessageFramer } from './framer.ts';
import { parseLargeMessage } from './large-message.ts';

test('it reads what JSON.parse reads', () => {
  const object = fc.dictionary(
    fc.string({ unit: 'binary' }),
    fc.jsonValue({ maxDepth: 8, stringUnit: 'binary' }),
  );
  fc.assert(
    fc.property(object, fc.constantFrom(undefined, 1), (value, indent) => {
      const text = Buffer.from(JSON.stringify(value, undefined, indent));
      const plain: unknown = JSON.parse(text.toString());
      const large = parseLargeMessage(text);
      assert.equal(JSON.stringify(large), JSON.stringify(plain));
      assert.deepEqual(large, plain);
    }),
    { numRuns: 500 },
  );
});

test('what is not JSON is refused, at the latest when it is read', () => {
  const bad = [
    '',
    '{',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '[1,]',
    '[1 2]',
    '{} {}',
    '{"a":1]',
    '{"a":tru}',
    '"a',
  ];
  for (const text of bad) assert.throws(() => parseLargeMessage(Buffer.from(text)), SyntaxError, text);
  const deep = parseLargeMessage(Buffer.from('{"a":{"b":{"c":{"d":{"e":tru}}}}}'));
  assert.throws(() => JSON.stringify(deep), SyntaxError);
  const text = `{"a":"${'x'.repeat(2_000_000)}","b":tru}`;
  assert.throws(() => [...new MessageFramer().push(Buffer.from(text))], FramingError);
});

test('rows of a large message are read anew at each access', () => {
  const rows = Object.fromEntries(
    Array.from({ length: 40_000 }, (_, at) => [`row${at}`, { initial: { name: `n${at}` } }]),
  );
  const wire = Buffer.from(JSON.stringify({ id: 1, result: [false, 'txn', { Shelf: rows }], error: null }));
  assert.ok(wire.length > 1_500_000);
  const framer = new MessageFramer();
  const half = Math.floor(wire.length / 2);
  const messages = [...framer.push(wire.subarray(0, half)), ...framer.push(wire.subarray(half))];
  assert.equal(messages.length, 1);
  assert.deepEqual(messages[0], JSON.parse(wire.toString()));
});
