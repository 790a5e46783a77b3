import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../testing/databases.ts';
import { asTheyAre, insertCompiled } from './insert.ts';
import { type Given, prepared } from './prepared.ts';

const tagsAmong = prepared((query, given: Given<{ objects: readonly string[]; not: string }>) =>
  query
    .selectFrom('tags')
    .select(['object_id', 'tag'])
    .where('object_id', 'in', given.each('objects'))
    .where('tag', '!=', given.one('not'))
    .orderBy('object_id')
    .orderBy('tag'),
);

const rowsOf = (...tags: readonly (readonly [string, string])[]) =>
  tags.map(([object_id, tag]) => ({ object_id, tag }));

forEachDialect('statements built once', (databases) => {
  it('are bound anew each time', async () => {
    const database = await databases.open();
    await database.transaction(async (tx) => {
      await insertCompiled(tx, 'tags', rowsOf(['a', 'red'], ['b', 'blue']), asTheyAre);
      await insertCompiled(tx, 'tags', rowsOf(['c', "'; --"], ['a', 'blue']), asTheyAre);
    });
    const found = await database.read(async (reader) => [
      await tagsAmong(reader, { objects: ['a', 'b'], not: 'blue' }),
      await tagsAmong(reader, { objects: ['c'], not: 'red' }),
      await tagsAmong(reader, { objects: [], not: 'red' }),
    ]);
    assert.deepEqual(found, [rowsOf(['a', 'red']), rowsOf(['c', "'; --"]), []]);
  });

  it('see a list as it is, and one that cannot change as it was', async () => {
    const database = await databases.open();
    await database.transaction(async (tx) => {
      await insertCompiled(tx, 'tags', rowsOf(['a', 'red'], ['b', 'blue']), asTheyAre);
    });
    const objects = ['a'];
    const ask = (not: string) => database.read((reader) => tagsAmong(reader, { objects, not }));
    assert.deepEqual(await ask('blue'), rowsOf(['a', 'red']));
    objects.push('b');
    Object.freeze(objects);
    assert.deepEqual(await ask(''), rowsOf(['a', 'red'], ['b', 'blue']));
    assert.deepEqual(await ask('red'), rowsOf(['b', 'blue']));
  });

  it('are told apart by their ends, and return what they return', async () => {
    const database = await databases.open();
    const written = await database.transaction(async (tx) => {
      await insertCompiled(tx, 'tags', rowsOf(['a', 'red']), asTheyAre);
      return insertCompiled(tx, 'tags', rowsOf(['a', 'blue']), {
        name: 'returning',
        build: (query) => query.onConflict((conflict) => conflict.doNothing()).returning(['tag']),
      });
    });
    assert.deepEqual(written, [{ tag: 'blue' }]);
  });

  it('take rows that are not alike, and more than are kept', async () => {
    const database = await databases.open();
    const many = Array.from({ length: 250 }, (_, index) => ({ object_id: 'm', tag: String(index) }));
    const count = await database.transaction(async (tx) => {
      await insertCompiled(
        tx,
        'journal',
        [
          { kind: 'port', id: 'a', created_at: tx.now, last_error: 'x' },
          { kind: 'port', id: 'b', created_at: tx.now },
        ],
        asTheyAre,
      );
      await insertCompiled(tx, 'tags', many, asTheyAre);
      const rows = await tx.query.selectFrom('journal').select(['id', 'last_error']).orderBy('id').execute();
      assert.deepEqual(rows, [
        { id: 'a', last_error: 'x' },
        { id: 'b', last_error: null },
      ]);
      return (await tx.query.selectFrom('tags').select('tag').execute()).length;
    });
    assert.equal(count, 250);
  });
});
