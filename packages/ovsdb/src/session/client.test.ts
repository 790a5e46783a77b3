import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { NotConnectedError } from '../index.ts';
import { shopClient, shopFile, shopSchema } from '../testing/fixtures/shop.ts';
import { startOvsdbServer, type TestServer } from '../testing/index.ts';

let server: TestServer;

before(async () => {
  server = await startOvsdbServer({ schemaFile: shopFile });
});

after(async () => {
  await server[Symbol.asyncDispose]();
});

test('a transaction shows in the replica when it resolves, with the chosen uuids', async () => {
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const { operations: op, replica } = client;
  const [shelf, item] = [randomUUID(), randomUUID()];
  const batches: unknown[] = [];
  using _listening = client.onBatch(({ initial, changes }) => {
    batches.push([initial, changes.map(({ table, kind, uuid }) => [table, kind, uuid])]);
  });
  const results = await client.transact([
    op.insert('Item', item, { name: 'cup', size: 3 }),
    op.insert('Shelf', shelf, {
      name: 'chosen',
      items: new Set([item]),
      labels: new Map([['k', 'v']]),
      kind: 'wood',
      weight: 1.5,
    }),
  ]);
  assert.deepEqual(results, [{ uuid: item }, { uuid: shelf }]);
  const row = replica.Shelf.get(shelf) ?? assert.fail();
  assert.deepEqual(
    [row._uuid, row.items, row.labels, row.kind, row.weight, row.note, row.open],
    [shelf, new Set([item]), new Map([['k', 'v']]), 'wood', 1.5, undefined, false],
  );
  assert.equal(replica.Item.get(item)?.size, 3);
  assert.equal(batches.length, 1);
  await client.transact([op.delete('Shelf', [['name', '==', 'chosen']])]);
  assert.deepEqual([replica.Shelf.size, replica.Item.size], [0, 0]);
});

test('the update comes before the reply, for each of many transactions at once', async () => {
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const op = client.operations;
  const transactions = Array.from({ length: 200 }, async (_, at) => {
    const uuid = randomUUID();
    await client.transact([op.insert('Shelf', uuid, { name: `many ${at}` })]);
    return client.replica.Shelf.get(uuid)?.name === `many ${at}`;
  });
  assert.ok((await Promise.all(transactions)).every((seen) => seen));
  const [result] = await client.transact([op.delete('Shelf', [['name', '!=', '']])]);
  assert.equal(result?.count, 200);
});

test('update, mutate, select, wait and comment do what RFC 7047 says', async () => {
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const op = client.operations;
  const uuid = randomUUID();
  const here = [['_uuid', '==', uuid]] as const;
  await client.transact([
    op.comment('a test'),
    op.insert('Shelf', uuid, { name: 'ops', note: 'n', counts: new Map([['a', 1]]) }),
  ]);
  const results = await client.transact([
    op.wait('Shelf', here, ['name', 'note'], '==', [{ name: 'ops', note: 'n' }]),
    op.update('Shelf', here, { note: undefined, tags: new Set(['x', 'y']), kind: 'steel' }),
    op.mutate('Shelf', here, [
      ['level', '+=', 7],
      ['codes', 'insert', new Set([1, 2])],
      ['tags', 'delete', new Set(['x'])],
      ['counts', 'insert', new Map([['b', 2]])],
      ['counts', 'delete', new Set(['a'])],
    ]),
    op.select('Shelf', here, ['name', 'note', 'tags', 'codes', 'level', 'counts', 'kind']),
    op.select('Shelf', [['codes', 'includes', new Set([2])]]),
    op.select('Shelf', [['codes', 'excludes', new Set([2])]], ['name']),
  ]);
  assert.deepEqual(
    results.map(({ count }) => count),
    [undefined, 1, 1, undefined, undefined, undefined],
  );
  assert.deepEqual(results[3]?.rows, [
    {
      name: 'ops',
      note: undefined,
      tags: new Set(['y']),
      codes: new Set([1, 2]),
      level: 7,
      counts: new Map([['b', 2]]),
      kind: 'steel',
    },
  ]);
  assert.equal(results[4]?.rows?.[0]?._uuid, uuid);
  assert.deepEqual(results[5]?.rows, []);
  const row = client.replica.Shelf.get(uuid);
  assert.deepEqual([row?.tags, row?.counts, row?.level], [new Set(['y']), new Map([['b', 2]]), 7]);
  await client.transact([op.delete('Shelf', here)]);
});

test('indexes on computed and map keys follow changes', async () => {
  await using client = shopClient([server.endpoint], {
    indexes: {
      Shelf: {
        name: (row) => row.name,
        owner: (row) => row.labels.get('owner'),
        tag: (row) => [...row.tags],
      },
    },
  });
  await client.ready();
  const { operations: op, replica } = client;
  const [a, b] = [randomUUID(), randomUUID()];
  const names = (index: string, key: string): string[] =>
    replica.Shelf.find(index, key)
      .map((row) => row.name)
      .sort();
  await client.transact([
    op.insert('Shelf', a, { name: 'a', labels: new Map([['owner', 'eve']]), tags: new Set(['x', 'y']) }),
    op.insert('Shelf', b, { name: 'b', labels: new Map([['owner', 'eve']]), tags: new Set(['y']) }),
  ]);
  assert.deepEqual(
    [names('name', 'a'), names('owner', 'eve'), names('tag', 'y')],
    [['a'], ['a', 'b'], ['a', 'b']],
  );
  await client.transact([
    op.mutate(
      'Shelf',
      [['_uuid', '==', a]],
      [
        ['labels', 'delete', new Set(['owner'])],
        ['tags', 'delete', new Set(['y'])],
      ],
    ),
    op.update('Shelf', [['_uuid', '==', b]], { name: 'c' }),
  ]);
  assert.deepEqual([names('owner', 'eve'), names('tag', 'y'), names('tag', 'x')], [['c'], ['c'], ['a']]);
  assert.deepEqual([names('name', 'b'), names('name', 'c')], [[], ['c']]);
  await client.transact([op.delete('Shelf', [['name', '!=', '']])]);
  assert.deepEqual([names('owner', 'eve'), names('tag', 'x'), names('name', 'c')], [[], [], []]);
});

test('batches of other clients come in order of their transactions', async () => {
  await using writer = shopClient([server.endpoint]);
  await using reader = shopClient([server.endpoint], { monitor: { Shelf: ['name', 'level'] } });
  await Promise.all([writer.ready(), reader.ready()]);
  const uuid = randomUUID();
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  using _listening = reader.onBatch(({ changes }) => {
    for (const { kind, row, columns } of changes) {
      seen.push(`${kind} ${'level' in row ? row.level : ''} ${[...columns].join()}`);
      if (kind === 'delete') done.resolve();
    }
  });
  const op = writer.operations;
  const here = [['_uuid', '==', uuid]] as const;
  await writer.transact([op.insert('Shelf', uuid, { name: 'order' })]);
  await writer.transact([op.update('Shelf', here, { level: 1 })]);
  await writer.transact([op.update('Shelf', here, { open: true })]);
  await writer.transact([op.update('Shelf', here, { level: 2 })]);
  await writer.transact([op.delete('Shelf', here)]);
  await done.promise;
  assert.deepEqual(seen, ['insert 0 name,level', 'modify 1 level', 'modify 2 level', 'delete 2 name,level']);
});

test('columns that the server lacks are left out of what is sent', async () => {
  const shelf = shopSchema.tables.Shelf ?? assert.fail();
  const colour = {
    type: { key: { type: 'string' }, min: 1, max: 1 },
    ephemeral: false,
    mutable: true,
  } as const;
  const newer = {
    ...shopSchema,
    tables: {
      ...shopSchema.tables,
      Shelf: { ...shelf, columns: { ...shelf.columns, colour } },
      Lamp: { ...shelf, columns: { colour } },
    },
  };
  const { createOvsdbClient } = await import('../index.ts');
  type NewerTables = {
    readonly Shelf: { readonly name: string; readonly colour: string };
    readonly Lamp: { readonly colour: string };
  };
  await using client = createOvsdbClient<NewerTables>({
    database: 'Shop',
    schema: newer,
    endpoints: [server.endpoint],
    monitor: { Shelf: 'all', Lamp: 'all' },
  });
  await client.ready();
  const op = client.operations;
  const uuid = randomUUID();
  await client.transact([op.insert('Shelf', uuid, { name: 'old', colour: 'red' })]);
  assert.deepEqual(
    [
      client.replica.Shelf.has('colour'),
      client.replica.Shelf.has('name'),
      client.replica.Shelf.get(uuid)?.colour,
    ],
    [false, true, ''],
  );
  assert.deepEqual([client.replica.Lamp.size, client.replica.Lamp.has('colour')], [0, false]);
  assert.equal(client.serverSchema?.tables.Lamp, undefined);
  await client.transact([op.delete('Shelf', [['_uuid', '==', uuid]])]);
});

test('ready, transact and dispose before, during and after the connection', async () => {
  const states: string[] = [];
  const client = shopClient(['unix:/nonexistent/socket']);
  using _listening = client.onState((state) => states.push(state));
  assert.equal(client.state, 'connecting');
  await assert.rejects(client.transact([]), NotConnectedError);
  await assert.rejects(client.ready(AbortSignal.timeout(30)), { name: 'TimeoutError' });
  const waiting = assert.rejects(client.ready(), NotConnectedError);
  await client[Symbol.asyncDispose]();
  await waiting;
  assert.deepEqual([client.state, states], ['closed', ['closed']]);
  await assert.rejects(client.ready(), NotConnectedError);
  await assert.rejects(client.transact([]), NotConnectedError);
  await client[Symbol.asyncDispose]();

  await using second = shopClient(['unix:/nonexistent/socket', server.endpoint]);
  await second.ready();
  assert.equal(second.state, 'ready');
  assert.deepEqual(await second.transact([]), []);
  assert.throws(() => shopClient([]), TypeError);
  assert.throws(() => shopClient(['nowhere']), TypeError);
});
