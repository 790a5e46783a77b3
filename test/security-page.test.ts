import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

// docs/security.md: a row for each promise, by class, with the test that keeps it.
const root = path.resolve(import.meta.dirname, '..');
const CLASSES = ['284', '435', '664', '682', '691', '693', '697', '703', '707', '710', '284–710', 'secrets'];
/** Where the page's paths begin. */
const BASES = ['.', 'packages', 'packages/server/src', 'packages/api/src'];
/** A test file, or a pattern of some, and perhaps the names of tests in it. */
const REFERENCE = /`([^`\s]+\.test\.ts)`((?:,? ?"[^"]+")*)/g;
/** A run by hand, for what takes too long for every day. */
const RUN = /`npm run ([\w-]+)/g;

interface Row {
  readonly weakness: string;
  readonly promise: string;
  readonly tests: string;
}

const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8');
const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| pillar '))
  .map((line) => {
    const [, weakness = '', promise = '', , ...tests] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return { weakness: weakness.split(' ')[0] ?? '', promise, tests: tests.join(' ') };
  });

const filesOf = (name: string): readonly string[] =>
  BASES.flatMap((base) => globSync(path.join(base, name), { cwd: root, exclude: ['**/node_modules/**'] }));

test('every class has rows, which stand together in order', () => {
  const found = rows.map(({ weakness }) => CLASSES.indexOf(weakness));
  assert.deepEqual(
    found,
    found.toSorted((a, b) => a - b),
    rows.map(({ weakness }) => weakness).join(' '),
  );
  assert.deepEqual([...new Set(found)], [...CLASSES.keys()]);
});

for (const { promise, tests } of rows)
  test(`is kept by a test that is there: ${promise.slice(0, 80)}`, () => {
    const references = [...tests.matchAll(REFERENCE)];
    const runs = [...tests.matchAll(RUN)].map(([, name]) => name);
    assert.ok(references.length + runs.length > 0, `names no test: ${tests}`);
    for (const name of runs) assert.match(manifest, new RegExp(`^    "${name}": `, 'm'));
    for (const [, name = '', quoted = ''] of references) {
      const files = filesOf(name);
      assert.ok(files.length > 0, `${name} is not there`);
      const text = files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
      for (const [, title = ''] of quoted.matchAll(/"([^"]+)"/g))
        assert.ok(text.includes(title.replace(/ ?…$/, '')), `${name} has no test "${title}"`);
    }
  });
