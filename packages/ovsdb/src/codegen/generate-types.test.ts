import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSchema } from '../schema/parse-schema.ts';
import { shopFile, shopSchema } from '../testing/fixtures/shop.ts';
import { generateTypes } from './generate-types.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const generated = new URL('../testing/fixtures/shop.generated.ts', import.meta.url);

test('the types of the test database are those of its schema', () => {
  const text = generateTypes(shopSchema, {
    tablesName: 'ShopTables',
    source: 'shop.ovsschema',
    uuidModule: '../../index.ts',
  });
  assert.equal(readFileSync(generated, 'utf8'), text);
});

test('the command prints what the function makes', () => {
  const args = [main, '--tables', 'T', '--source', 's', shopFile];
  assert.equal(
    execFileSync(process.execPath, args, { encoding: 'utf8' }),
    generateTypes(shopSchema, { tablesName: 'T', source: 's' }),
  );
  assert.throws(() => execFileSync(process.execPath, [main], { stdio: 'pipe' }), { status: 2 });
  assert.throws(() => execFileSync(process.execPath, [main, '/nonexistent'], { stdio: 'pipe' }), {
    status: 1,
  });
});

test('names of built-in types are not shadowed, and quotes are escaped', () => {
  const schema = parseSchema({
    name: 'D',
    version: '1.0.0',
    tables: {
      Map: { columns: { c: { type: { key: { type: 'string', enum: ['set', ["it's", 'b\\']] } } } } },
    },
  });
  const text = generateTypes(schema, { tablesName: 'DTables', source: 's' });
  assert.match(text, /export type MapRow = \{/);
  assert.match(text, /readonly Map: MapRow;/);
  assert.ok(text.includes(String.raw`readonly c: 'it\'s' | 'b\\';`));
  assert.ok(!text.includes('import'));
});
