import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Database, Transaction } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { type PoolKey, releaseSegment, reserveFreeId, reserveId } from './segment-pool.ts';

const KEY = { networkType: 'geneve', physicalNetwork: '' };

const taken = async (database: Database): Promise<number[]> => {
  const rows = await database.read(({ query }) =>
    query.selectFrom('segment_allocations').select('segmentation_id').orderBy('segmentation_id').execute(),
  );
  return rows.map((row) => row.segmentation_id);
};

const releaseId = (tx: Transaction, { networkType, physicalNetwork }: PoolKey, segmentationId: number) =>
  releaseSegment(tx, { networkType, physicalNetwork, segmentationId });

/** A transaction that counts its statements. */
const counted = (tx: Transaction): { readonly tx: Transaction; readonly statements: () => number } => {
  let statements = 0;
  const query = tx.query.withPlugin({
    transformQuery({ node }) {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return { tx: { ...tx, query }, statements: () => statements };
};

const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

forEachDialect('segment pool', (databases) => {
  it('takes every id of several ranges exactly once, then none', async () => {
    const database = await databases.open();
    const ranges = [
      { min: 5, max: 14 },
      { min: 20, max: 20 },
      { min: 30, max: 39 },
    ];
    const all = [...numbers(5, 14), 20, ...numbers(30, 39)];
    for (let count = 0; count < all.length; count += 1) {
      const id = await database.transaction((tx) => reserveFreeId(tx, KEY, ranges, Math.random));
      assert.ok(id !== undefined && all.includes(id));
    }
    assert.deepEqual(await taken(database), all);
    assert.equal(await database.transaction((tx) => reserveFreeId(tx, KEY, ranges, Math.random)), undefined);
  });

  it('finds the one free id wherever the search starts', async () => {
    const database = await databases.open();
    const ranges = [
      { min: 1, max: 4 },
      { min: 8, max: 11 },
    ];
    const all = [...numbers(1, 4), ...numbers(8, 11)];
    await database.transaction(async (tx) => {
      for (const id of all) await reserveId(tx, KEY, id);
    });
    for (const free of all) {
      await database.transaction((tx) => releaseId(tx, KEY, free));
      for (const [start] of all.entries()) {
        const found = await database.transaction((tx) =>
          reserveFreeId(tx, KEY, ranges, () => (start + 0.5) / all.length),
        );
        assert.equal(found, free);
        await database.transaction((tx) => releaseId(tx, KEY, free));
      }
      await database.transaction((tx) => reserveId(tx, KEY, free));
    }
  });

  it('takes what chance names, and else what comes next', async () => {
    const database = await databases.open();
    const ranges = [
      { min: 1, max: 4 },
      { min: 8, max: 11 },
      { min: 15, max: 16 },
    ];
    const order: (number | undefined)[] = [];
    const costs: number[] = [];
    let draws = 0;
    // The sixth of ten.
    const chance = (): number => {
      draws += 1;
      return 0.55;
    };
    for (let count = 0; count < 11; count += 1)
      await database.transaction(async (given) => {
        const { tx, statements } = counted(given);
        order.push(await reserveFreeId(tx, KEY, ranges, chance));
        costs.push(statements());
      });
    assert.deepEqual(order, [9, 10, 11, 15, 16, 1, 2, 3, 4, 8, undefined]);
    assert.deepEqual(
      await taken(database),
      order.filter((id) => id !== undefined).toSorted((a, b) => a - b),
    );
    // Chance finds it, or three times not: then two statements a range where it is full, up to three where not.
    assert.deepEqual(costs, [1, 6, 6, 6, 8, 8, 10, 10, 10, 10, 11]);
    assert.equal(draws, 1 + 10 * 3);
    await assert.rejects(
      database.transaction((tx) => reserveFreeId(tx, KEY, ranges, () => 1)),
      { name: 'RangeError', message: 'offset 10 lies behind the ranges' },
    );
    assert.equal(await database.transaction((tx) => reserveFreeId(tx, KEY, [], chance)), undefined);
  });

  it('keeps pools of other types and physical networks apart', async () => {
    const database = await databases.open();
    const reserved = await database.transaction(async (tx) => [
      await reserveId(tx, KEY, 7),
      await reserveId(tx, { networkType: 'vlan', physicalNetwork: 'a' }, 7),
      await reserveId(tx, { networkType: 'vlan', physicalNetwork: 'b' }, 7),
      await reserveId(tx, KEY, 7),
    ]);
    assert.deepEqual(reserved, [true, true, true, false]);
  });

  it('gives an id back', async () => {
    const database = await databases.open();
    const again = await database.transaction(async (tx) => {
      await reserveId(tx, KEY, 7);
      await releaseId(tx, KEY, 7);
      await releaseId(tx, KEY, 8);
      return reserveId(tx, KEY, 7);
    });
    assert.equal(again, true);
  });

  it('lets rivals exhaust a range exactly', async () => {
    const database = await databases.open();
    const ranges = [{ min: 100, max: 123 }];
    const results = await Promise.all(
      Array.from({ length: 32 }, () =>
        database.transaction((tx) => reserveFreeId(tx, KEY, ranges, Math.random)),
      ),
    );
    assert.deepEqual(
      results.filter((id) => id !== undefined).toSorted((a, b) => a - b),
      numbers(100, 123),
    );
    assert.equal(results.filter((id) => id === undefined).length, 8);
  });
});
