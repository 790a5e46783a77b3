import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shopSchema } from '../testing/fixtures/shop.ts';
import { parseSchema, SchemaSyntaxError } from './parse-schema.ts';

test('short forms are written out', () => {
  const { columns, indexes, isRoot } = shopSchema.tables.Shelf ?? assert.fail();
  assert.deepEqual(columns.name?.type, { key: { type: 'string' }, min: 1, max: 1 });
  assert.deepEqual(columns.items?.type, {
    key: { type: 'uuid', refTable: 'Item', refType: 'strong' },
    min: 0,
    max: 'unlimited',
  });
  assert.deepEqual(columns.labels?.type.value, { type: 'string' });
  assert.deepEqual(columns.level?.type.key, { type: 'integer', minInteger: 0, maxInteger: 100 });
  assert.deepEqual(columns.kind?.type.key.enum, ['wood', 'steel']);
  assert.equal(columns.note?.ephemeral, true);
  assert.equal(columns.name?.mutable, true);
  assert.deepEqual([isRoot, indexes], [true, [['name']]]);
  assert.equal(shopSchema.tables.Item?.isRoot, false);
  assert.equal(shopSchema.tables.Till?.maxRows, 1);
});

test('what is not a schema is refused, with the place', () => {
  const withType = (type: unknown): unknown => ({ name: 'a', tables: { T: { columns: { c: { type } } } } });
  const bad: readonly unknown[] = [
    7,
    [],
    { name: 'a' },
    { name: '1a', tables: {} },
    { name: 'a', tables: { 'T T': { columns: {} } } },
    { name: 'a', tables: { T: {} } },
    { name: 'a', tables: { T: { columns: {}, indexes: 1 } } },
    { name: 'a', tables: { T: { columns: {}, maxRows: 'x' } } },
    withType('text'),
    withType({ key: 'string', min: 2 }),
    withType({ key: 'string', min: 1, max: 0 }),
    withType({ key: 'string', max: 'many' }),
    withType({ key: { type: 'uuid', refTable: 1 } }),
    withType({ key: { type: 'uuid', refTable: 'T', refType: 'loose' } }),
    withType({ key: { type: 'string', enum: [{}] } }),
  ];
  for (const document of bad) assert.throws(() => parseSchema(document), SchemaSyntaxError);
  assert.throws(() => parseSchema(withType('text')), /tables\.T\.columns\.c\.type/);
  assert.throws(() => parseSchema('{'), SyntaxError);
});
