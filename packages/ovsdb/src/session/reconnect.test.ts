import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { ChangeBatch, OvsdbClient } from '../contract.ts';
import type { ShopTables } from '../testing/fixtures/shop.generated.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { startRelay } from '../testing/relay.ts';

/** The next batch that starts a connection. */
function nextInitial(client: OvsdbClient<ShopTables>): Promise<ChangeBatch<ShopTables>> {
  const { promise, resolve } = Promise.withResolvers<ChangeBatch<ShopTables>>();
  const listening = client.onBatch((batch) => {
    if (!batch.initial) return;
    listening[Symbol.dispose]();
    resolve(batch);
  });
  return promise;
}

for (const clustered of [false, true]) {
  // Only clusters keep a history, in memory: a server that was restarted has none.
  const how = clustered
    ? 'a lost link to a cluster the client resumes'
    : 'kill -9 the client reads everything anew';
  test(`after ${how}, and the first batch is the difference`, async () => {
    await using server = await startOvsdbServer({ schemaFile: shopFile, clustered });
    const relayed = `${server.endpoint.slice('unix:'.length)}-relay`;
    const to = server.endpoint.slice('unix:'.length);
    let initialRows = -1;
    const onReply = (message: unknown): 'pass' => {
      const [found, , tables] = monitorReply(message) ?? [];
      if (typeof tables === 'object' && tables !== null) {
        const rows = Object.values(tables).reduce<number>((sum, table) => sum + Object.keys(table).length, 0);
        initialRows = found === true ? -rows : rows;
      }
      return 'pass';
    };
    let relay = await startRelay({ from: relayed, to, onReply });
    await using writer = shopClient([server.endpoint]);
    await using client = shopClient([`unix:${relayed}`], {
      indexes: { Shelf: { name: (row) => row.name } },
    });
    await Promise.all([client.ready(), writer.ready()]);
    const op = writer.operations;
    const [kept, changed, removed, added] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    // The server keeps a history no larger than its content.
    const content = Array.from({ length: 50 }, (_, at) =>
      op.insert('Shelf', randomUUID(), { name: `other ${at}` }),
    );
    await writer.transact(content);
    await writer.transact([
      op.insert('Shelf', kept, { name: 'kept', codes: new Set([1, 2]) }),
      op.insert('Shelf', changed, { name: 'changed', codes: new Set([1, 2]), labels: new Map([['a', 'b']]) }),
      op.insert('Shelf', removed, { name: 'removed' }),
    ]);
    await client.transact([]);
    const rowBefore = client.replica.Shelf.get(kept);
    // Cut the client off, change what it cannot see, and let them find each other again.
    await relay[Symbol.asyncDispose]();
    await writer.transact([
      op.delete('Shelf', [['_uuid', '==', removed]]),
      op.mutate('Shelf', [['_uuid', '==', changed]], [['codes', 'insert', 3]]),
      op.insert('Shelf', added, { name: 'added' }),
    ]);
    const initial = nextInitial(client);
    if (!clustered) await server.restart();
    relay = await startRelay({ from: relayed, to, onReply });
    const batch = await initial;
    await relay[Symbol.asyncDispose]();
    assert.deepEqual(
      batch.changes
        .map(({ kind, row, columns }) => [kind, 'name' in row ? row.name : '', columns.size])
        .sort(),
      [
        ['delete', 'removed', 12],
        ['insert', 'added', 12],
        ['modify', 'changed', 1],
      ],
    );
    assert.equal(initialRows, clustered ? -3 : 53, 'resumed: the server sent no more than what changed');
    assert.equal(client.replica.Shelf.get(kept), rowBefore);
    assert.deepEqual(client.replica.Shelf.get(changed)?.codes, new Set([1, 2, 3]));
    assert.deepEqual(client.replica.Shelf.get(changed)?.labels, new Map([['a', 'b']]));
    assert.equal(client.replica.Shelf.find('name', 'removed').length, 0);
    assert.equal(client.replica.Shelf.find('name', 'added')[0]?._uuid, added);
  });
}

function monitorReply(message: unknown): readonly unknown[] | undefined {
  if (typeof message !== 'object' || message === null || !('result' in message)) return undefined;
  const { result } = message;
  return Array.isArray(result) && result.length === 3 && typeof result[0] === 'boolean' ? result : undefined;
}

test('a crash during a stream of transactions loses nothing that was acknowledged', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const op = client.operations;
  const acknowledged = new Set<string>();
  const errors = new Set<string>();
  let writing = true;
  const writers = Array.from({ length: 8 }, async () => {
    while (writing) {
      const uuid = randomUUID();
      try {
        await client.transact([op.insert('Shelf', uuid, { name: uuid })]);
        acknowledged.add(uuid);
      } catch (error) {
        assert.ok(error instanceof Error);
        errors.add(error.name);
        await client.ready();
      }
    }
  });
  for (let round = 0; round < 3; round += 1) {
    const before = acknowledged.size;
    while (acknowledged.size < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.restart();
  }
  writing = false;
  await Promise.all(writers);
  await client.ready();
  const [selected] = await client.transact([op.select('Shelf', [], ['name'])]);
  const stored = new Set(selected?.rows?.map((row) => String(row.name)));
  assert.deepEqual(
    [...acknowledged].filter((uuid) => !stored.has(uuid)),
    [],
  );
  assert.equal(client.replica.Shelf.size, stored.size);
  assert.ok([...errors].every((name) => name === 'UnknownOutcomeError' || name === 'NotConnectedError'));
  assert.ok(errors.has('UnknownOutcomeError'));
});

test('a schema conversion is followed without a new client', async () => {
  await using server = await startOvsdbServer({ schemaFile: shopFile });
  await using client = shopClient([server.endpoint]);
  await client.ready();
  const uuid = randomUUID();
  await client.transact([client.operations.insert('Shelf', uuid, { name: 'a', level: 4 })]);
  const { readFile, writeFile } = await import('node:fs/promises');
  const { runCommand } = await import('../testing/server-process.ts');
  const document: unknown = JSON.parse(await readFile(shopFile, 'utf8'));
  const older = JSON.parse(JSON.stringify(document), (key, value: unknown) =>
    key === 'level' ? undefined : value,
  );
  const file = `${server.endpoint.slice('unix:'.length)}.ovsschema`;
  await writeFile(file, JSON.stringify({ ...older, version: '1.3.0' }));
  const initial = nextInitial(client);
  await runCommand('ovsdb-client', ['convert', server.endpoint, file]);
  const batch = await initial;
  assert.equal(client.serverSchema?.version, '1.3.0');
  assert.equal(client.replica.Shelf.has('level'), false);
  assert.deepEqual(
    batch.changes.map(({ kind, columns }) => [kind, [...columns]]),
    [['modify', ['level']]],
  );
  assert.equal(client.replica.Shelf.get(uuid)?.level, 0);
});
