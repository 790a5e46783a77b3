import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import * as ovsdb from '../index.ts';
import type { ShopTables } from '../testing/fixtures/shop.generated.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer, type TestServer } from '../testing/index.ts';
import { Link } from './link.ts';

let server: TestServer;
let client: ovsdb.OvsdbClient<ShopTables>;

before(async () => {
  server = await startOvsdbServer({ schemaFile: shopFile });
  client = shopClient([server.endpoint]);
  await client.ready();
});

after(async () => {
  await client[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** A link without a client, for requests that the client does not make. */
function openLink(): Link {
  const socket = connect({ path: server.endpoint.slice('unix:'.length) });
  return new Link(socket, { probeIntervalMs: 0, onNotification: () => {} });
}

const nothing = (): undefined => undefined;

type FailingCase = readonly [string, typeof ovsdb.OvsdbError, readonly ovsdb.Operation[], number];

/** Transactions that fail when a shelf named `taken` with level 100 has this uuid. */
function failingTransactions(uuid: string): readonly FailingCase[] {
  const op = client.operations;
  const here = [['_uuid', '==', uuid]] as const;
  const insert = (row: Partial<ShopTables['Shelf']>): ovsdb.Operation =>
    op.insert('Shelf', randomUUID(), row);
  const named = { op: 'insert', table: 'Shelf', row: {}, 'uuid-name': 'same' };
  const item = op.insert('Item', randomUUID(), { name: 'i' });
  return [
    [
      'enum',
      ovsdb.ConstraintViolationError,
      [{ op: 'update', table: 'Shelf', where: [], row: { kind: 'x' } }],
      0,
    ],
    ['range of a column', ovsdb.ConstraintViolationError, [insert({ name: 'a' }), insert({ level: 101 })], 1],
    [
      'range after a mutation',
      ovsdb.ConstraintViolationError,
      [op.mutate('Shelf', here, [['level', '+=', 1]])],
      0,
    ],
    ['size of a set', ovsdb.SyntaxViolationError, [insert({ tags: new Set(['1', '2', '3', '4']) })], 0],
    ['index, at commit', ovsdb.ConstraintViolationError, [insert({ name: 'taken' })], 1],
    [
      'maxRows, at commit',
      ovsdb.ConstraintViolationError,
      [op.insert('Till', randomUUID(), {}), op.insert('Till', randomUUID(), {})],
      2,
    ],
    [
      'reference, at commit',
      ovsdb.ReferentialIntegrityViolationError,
      [insert({ name: 'r', items: new Set([randomUUID()]) })],
      1,
    ],
    ['division by zero', ovsdb.DomainError, [op.mutate('Shelf', here, [['level', '/=', 0]])], 0],
    [
      'overflow',
      ovsdb.MutationRangeError,
      [
        op.update('Shelf', here, { codes: new Set([2 ** 53]) }),
        op.mutate('Shelf', here, Array(11).fill(['codes', '*=', 2])),
      ],
      1,
    ],
    ['uuid twice', ovsdb.DuplicateUuidError, [item, op.insert('Item', String(item.uuid), {})], 1],
    ['uuid of a row', ovsdb.DuplicateUuidError, [op.insert('Shelf', uuid, { name: 'other' })], 0],
    ['uuid-name twice', ovsdb.DuplicateUuidNameError, [named, named], 1],
    ['wait', ovsdb.TimedOutError, [op.wait('Shelf', here, ['name'], '==', [{ name: 'free' }])], 0],
    [
      'wait until not',
      ovsdb.TimedOutError,
      [item, op.wait('Shelf', here, ['name'], '!=', [{ name: 'taken' }])],
      1,
    ],
    ['wait with time', ovsdb.TimedOutError, [op.wait('Shelf', here, ['level'], '==', [{ level: 1 }], 20)], 0],
    ['abort', ovsdb.AbortedError, [item, { op: 'abort' }], 1],
    ['assert', ovsdb.NotOwnerError, [op.assert('nobody_has_it')], 0],
    ['operation', ovsdb.SyntaxViolationError, [{ op: 'sing' }], 0],
    ['table', ovsdb.SyntaxViolationError, [{ op: 'delete', table: 'Sofa', where: [] }], 0],
    ['member', ovsdb.SyntaxViolationError, [{ op: 'comment', comment: 'x', loud: true }], 0],
    [
      'column',
      ovsdb.UnknownColumnError,
      [{ op: 'update', table: 'Shelf', where: [], row: { colour: 1 } }],
      0,
    ],
    ['bad uuid', ovsdb.SyntaxViolationError, [op.insert('Shelf', 'not-a-uuid', {})], 0],
  ];
}

test('each failing transaction throws its class, tells the operation, and changes nothing', async () => {
  const op = client.operations;
  const uuid = randomUUID();
  await client.transact([op.insert('Shelf', uuid, { name: 'taken', level: 100 })]);
  for (const [what, expected, operations, position] of failingTransactions(uuid)) {
    await assert.rejects(client.transact(operations), (error) => {
      assert.ok(error instanceof ovsdb.OvsdbError, what);
      assert.equal(error.constructor, expected, `${what}: ${error.message}`);
      assert.equal(error.operation, position, what);
      return true;
    });
  }
  assert.deepEqual(
    [client.replica.Shelf.size, client.replica.Item.size, client.replica.Till.size],
    [1, 0, 0],
  );
  assert.deepEqual(client.replica.Shelf.get(uuid)?.codes, new Set());
});

test('requests that fail as a whole throw their class', async () => {
  const link = openLink();
  const cases: readonly [string, readonly unknown[], typeof ovsdb.OvsdbError][] = [
    ['get_schema', ['Nothing'], ovsdb.UnknownDatabaseError],
    ['transact', ['Nothing'], ovsdb.UnknownDatabaseError],
    ['sing', [], ovsdb.UnknownMethodError],
    ['monitor_cancel', ['none'], ovsdb.UnknownMonitorError],
    ['transact', [7], ovsdb.SyntaxViolationError],
    ['monitor', ['Shop', 'm', { Sofa: {} }], ovsdb.SyntaxViolationError],
  ];
  for (const [method, params, expected] of cases) {
    await assert.rejects(link.request(method, params, nothing), (error) => {
      assert.ok(error instanceof ovsdb.OvsdbError);
      assert.equal(error.constructor, expected, `${method}: ${error.message}`);
      return true;
    });
  }
  await assert.rejects(
    link.request('transact', ['_Server', { op: 'delete', table: 'Database', where: [] }], (result) => {
      assert.ok(Array.isArray(result));
      throw ovsdb.parseError(result[0]);
    }),
    ovsdb.NotAllowedError,
  );
  link.close(new Error('done'));
});

test('a canceled transaction says so', async () => {
  const link = openLink();
  const wait = {
    op: 'wait',
    table: 'Shelf',
    where: [],
    columns: ['name'],
    until: '==',
    rows: [{ name: 'never' }],
  };
  // Only clients that know of schema changes are told.
  await link.request('set_db_change_aware', [true], nothing);
  const waiting = assert.rejects(link.request('transact', ['Shop', wait], nothing), ovsdb.CanceledError);
  link.notify('cancel', [2]);
  await waiting;
  link.close(new Error('done'));
});
