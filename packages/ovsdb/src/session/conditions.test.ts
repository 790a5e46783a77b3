import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';

test('only rows for which the conditions hold are kept, also when they change and after a reconnect', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  await using writer = shopClient([server.endpoint]);
  await writer.ready();
  const op = writer.operations;
  const [wanted, other] = [randomUUID(), randomUUID()];
  await writer.transact([
    op.insert('Shelf', wanted, { name: 'wanted' }),
    op.insert('Shelf', other, { name: 'other' }),
  ]);
  await using client = shopClient([server.endpoint], {
    conditions: { Shelf: [['name', '==', 'wanted']] },
  });
  await client.ready();
  const names = () => [...client.replica.Shelf.rows()].map((row) => row.name);
  assert.deepEqual(names(), ['wanted']);
  const rename = (uuid: string, name: string) =>
    writer.transact([op.update('Shelf', [['_uuid', '==', uuid]], { name })]);
  const look = () => client.transact([client.operations.comment('look')]);
  await rename(wanted, 'left');
  await rename(other, 'wanted');
  await look();
  assert.deepEqual(
    [...client.replica.Shelf.rows()].map((row) => row._uuid),
    [other],
  );
  await server.restart();
  await client.ready();
  assert.deepEqual(
    [...client.replica.Shelf.rows()].map((row) => row._uuid),
    [other],
  );
});

test('of several conditions one is enough', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  await using client = shopClient([server.endpoint], {
    conditions: {
      Shelf: [
        ['name', '==', 'one'],
        ['name', '==', 'two'],
      ],
    },
  });
  await client.ready();
  const op = client.operations;
  await client.transact(['one', 'two', 'three'].map((name) => op.insert('Shelf', randomUUID(), { name })));
  await client.transact([op.comment('look')]);
  const names = [...client.replica.Shelf.rows()].map((row) => row.name);
  assert.deepEqual(names.toSorted(), ['one', 'two']);
});
