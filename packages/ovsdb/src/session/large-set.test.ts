import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { startRelay } from '../testing/relay.ts';

test('a change of a set of ten thousand references is sent and applied as a difference', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  const to = server.endpoint.slice('unix:'.length);
  let largest = 0;
  await using _relay = await startRelay({
    from: `${to}-relay`,
    to,
    onReply: (message) => {
      largest = Math.max(largest, JSON.stringify(message).length);
      return 'pass';
    },
  });
  await using client = shopClient([`unix:${to}-relay`]);
  await client.ready();
  const op = client.operations;
  const shelf = randomUUID();
  const here = [['_uuid', '==', shelf]] as const;
  const items = Array.from({ length: 10_000 }, () => randomUUID());
  await client.transact([
    ...items.map((item) => op.insert('Item', item, { name: item })),
    op.insert('Shelf', shelf, { name: 'large', items: new Set(items) }),
  ]);
  const row = client.replica.Shelf.get(shelf) ?? assert.fail();
  const before = row.items;
  assert.equal(before.size, 10_000);
  largest = 0;
  const [added, removed] = [randomUUID(), items[5000] ?? assert.fail()];
  await client.transact([
    op.insert('Item', added, { name: 'added' }),
    op.mutate('Shelf', here, [
      ['items', 'insert', new Set([added])],
      ['items', 'delete', new Set([removed])],
    ]),
  ]);
  assert.ok(largest < 1000, `${largest} bytes`);
  assert.equal(row.items, before, 'changed in place');
  assert.deepEqual([before.size, before.has(added), before.has(removed)], [10_000, true, false]);
  assert.equal(client.replica.Item.get(removed), undefined, 'collected by the server');
});
