import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../../testing/databases.ts';
import { waitingChanges, waitingFigures } from './waiting-changes.ts';

forEachDialect('what waits in the journal', (databases) => {
  it('is counted by object, with the oldest change and the most attempts', async () => {
    const database = await databases.open();
    assert.deepEqual(await database.read(waitingFigures), { objects: 0, since: undefined, attempts: 0 });
    const at = (second: number) => `2026-01-01T00:00:0${second}.000000Z`;
    const rows = [
      ['port', 'a', 3, 0],
      ['port', 'a', 2, 0],
      ['port', 'b', 4, 7],
      ['network', 'a', 5, 1],
      // Of a later version, which knows more.
      ['comet', 'a', 1, 9],
    ] as const;
    await database.transaction(async ({ query }) => {
      for (const [kind, id, second, attempts] of rows)
        await query
          .insertInto('journal')
          .values({ kind, id, created_at: at(second), attempts })
          .execute();
    });
    const figures = await database.read(waitingFigures);
    assert.deepEqual(figures, { objects: 3, since: at(2), attempts: 7 });
    const all = await database.read(waitingChanges);
    assert.deepEqual(
      all.map(({ key, since, changes, attempts }) => [`${key.kind} ${key.id}`, since, changes, attempts]),
      [
        ['port a', at(2), 2, 0],
        ['port b', at(4), 1, 7],
        ['network a', at(5), 1, 1],
      ],
    );
  });
});
