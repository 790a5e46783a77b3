import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shopSchema } from '../testing/fixtures/shop.ts';
import { MessageFramer } from '../wire/framer.ts';
import { NotationError } from '../wire/notation.ts';
import { ReplicaStore } from './replica-store.ts';
import { type DynamicChange, InconsistentUpdateError } from './table.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';

function newStore(): ReplicaStore {
  return new ReplicaStore({
    schema: shopSchema,
    monitor: { Shelf: ['name', 'codes', 'labels', 'note', 'level'] },
    indexes: { Shelf: { name: (row) => String(row.name) } },
  });
}

/** Feed a message as it is on the wire, and tell what it changed. */
function feed(store: ReplicaStore, text: string): string[] {
  const changes: DynamicChange[] = [];
  for (const message of new MessageFramer().push(Buffer.from(text))) {
    assert.ok(typeof message === 'object' && message !== null && 'method' in message && 'params' in message);
    assert.ok(Array.isArray(message.params));
    const notation = message.method === 'update' ? 'update' : 'update2';
    store.apply(message.params[1], notation, changes);
  }
  return changes.map(
    ({ kind, uuid, columns }) => `${kind} ${uuid === A ? 'A' : 'B'} ${[...columns].sort().join()}`,
  );
}

test('update: insert, modify, delete', () => {
  const store = newStore();
  const table = store.tables.Shelf ?? assert.fail();
  const update = (row: string): string[] =>
    feed(store, `{"id":null,"method":"update","params":["x",{"Shelf":{"${A}":${row}}}]}`);
  const columns = 'codes,labels,level,name,note';
  assert.deepEqual(
    update('{"new":{"name":"a","codes":["set",[1,2]],"labels":["map",[["k","v"]]],"note":"n","level":5}}'),
    [`insert A ${columns}`],
  );
  const row = table.get(A) ?? assert.fail();
  assert.deepEqual([row.name, row.codes, row.labels], ['a', new Set([1, 2]), new Map([['k', 'v']])]);
  assert.deepEqual(
    update(
      '{"old":{"codes":["set",[1,2]],"note":"n"},"new":{"name":"a","codes":3,"labels":["map",[["k","v"]]],"note":["set",[]],"level":5}}',
    ),
    ['modify A codes,note'],
  );
  assert.equal(table.get(A), row, 'the same row, changed in place');
  assert.deepEqual([row.codes, row.note], [new Set([3]), undefined]);
  assert.deepEqual(table.find('name', 'a'), [row]);
  assert.deepEqual(update('{"old":{"name":"a"}}'), [`delete A ${columns}`]);
  assert.deepEqual([table.size, table.find('name', 'a')], [0, []]);
});

test('update2: differences of sets, maps and single values', () => {
  const store = newStore();
  const table = store.tables.Shelf ?? assert.fail();
  const update = (row: string): string[] =>
    feed(store, `{"id":null,"method":"update2","params":["x",{"Shelf":{"${A}":${row}}}]}`);
  update('{"initial":{"name":"a"}}');
  const row = table.get(A) ?? assert.fail();
  assert.deepEqual(
    { ...row },
    { _uuid: A, name: 'a', codes: new Set(), labels: new Map(), note: undefined, level: 0 },
  );
  assert.deepEqual(update('{"modify":{"codes":["set",[1,2,3]],"labels":["map",[["a","1"],["b","2"]]]}}'), [
    'modify A codes,labels',
  ]);
  const { codes } = row;
  update(
    '{"modify":{"codes":["set",[2,9]],"labels":["map",[["a","1"],["b","3"],["c","4"]]],"note":"n","level":7}}',
  );
  assert.deepEqual(row.codes, new Set([1, 3, 9]));
  assert.equal(row.codes, codes, 'a difference changes the set in place');
  assert.deepEqual(row.labels, new Map(Object.entries({ b: '3', c: '4' })));
  assert.deepEqual([row.note, row.level], ['n', 7]);
  update('{"modify":{"note":["set",[]],"name":"z"}}');
  assert.deepEqual([row.note, table.find('name', 'a'), table.find('name', 'z')], [undefined, [], [row]]);
  update('{"delete":null}');
  assert.equal(table.size, 0);
});

test('empty sets are never shared once they change', () => {
  const store = newStore();
  const update = (row: string): string[] =>
    feed(store, `{"id":null,"method":"update2","params":["x",{"Shelf":${row}}]}`);
  update(`{"${A}":{"insert":{"name":"a"}},"${B}":{"insert":{"name":"b","codes":["set",[]]}}}`);
  update(`{"${A}":{"modify":{"codes":4,"labels":["map",[["k","v"]]]}}}`);
  assert.deepEqual(store.tables.Shelf?.get(B)?.codes, new Set());
  assert.deepEqual(store.tables.Shelf?.get(B)?.labels, new Map());
  update(`{"${B}":{"insert":{"name":"b"}}}`);
  assert.deepEqual(store.tables.Shelf?.get(B)?.codes, new Set());
});

test('a snapshot gives the difference only, deletes first', () => {
  const store = newStore();
  const insert = (name: string): string => `{"insert":{"name":"${name}","codes":["set",[1,2]]}}`;
  feed(store, `{"id":null,"method":"update2","params":["x",{"Shelf":{"${A}":${insert('a')}}}]}`);
  const row = store.tables.Shelf?.get(A);
  const changes: DynamicChange[] = [];
  store.replaceAll(
    { Shelf: { [A]: { initial: { name: 'a', codes: ['set', [2, 1]] } } } },
    'update2',
    changes,
  );
  assert.deepEqual(changes, []);
  store.replaceAll({ Shelf: { [A]: { initial: { name: 'a' } } } }, 'update2', changes);
  assert.deepEqual(
    changes.map(({ kind, columns }) => [kind, [...columns]]),
    [['modify', ['codes']]],
  );
  assert.equal(store.tables.Shelf?.get(A), row);
  changes.length = 0;
  store.replaceAll({ Shelf: { [B]: { initial: { name: 'a' } } } }, 'update2', changes);
  assert.deepEqual(
    changes.map(({ kind, uuid }) => [kind, uuid]),
    [
      ['delete', A],
      ['insert', B],
    ],
  );
  changes.length = 0;
  store.replaceAll({}, 'update2', changes);
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ['delete'],
  );
});

test('updates that do not fit are refused', () => {
  const bad: readonly [string, string][] = [
    ['update2', '{"modify":{"name":"x"}}'],
    ['update2', '{"delete":null}'],
    ['update2', '{"replace":{}}'],
    ['update', '{"old":{"name":"x"}}'],
    ['update', '{"old":{},"new":{"name":"x"}}'],
    ['update', '{}'],
  ];
  for (const [method, row] of bad) {
    const text = `{"id":null,"method":"${method}","params":["x",{"Shelf":{"${A}":${row}}}]}`;
    assert.throws(() => feed(newStore(), text), InconsistentUpdateError);
  }
  assert.throws(
    () =>
      feed(
        newStore(),
        `{"id":null,"method":"update2","params":["x",{"Shelf":{"${A}":{"insert":{"level":"x"}}}}]}`,
      ),
    NotationError,
  );
});

test('only what is monitored is kept, and reading the rest is an error', () => {
  const store = newStore();
  store.apply({ Shelf: { [A]: { insert: { name: 'a', open: true } } }, Item: {} }, 'update2', []);
  const row = store.tables.Shelf?.get(A) ?? assert.fail();
  assert.deepEqual(Object.keys(row), ['_uuid', 'name', 'codes', 'labels', 'note', 'level']);
  assert.throws(() => row.open, /column open of table Shelf is not monitored/);
  assert.throws(() => store.tables.Shelf?.find('colour', 'x'), TypeError);
  assert.deepEqual(Object.keys(store.monitorRequests()), ['Shelf']);
  const wrong = { schema: shopSchema, indexes: {} };
  assert.throws(() => new ReplicaStore({ ...wrong, monitor: { Shelv: 'all' } }), TypeError);
  assert.throws(() => new ReplicaStore({ ...wrong, monitor: { Shelf: ['nam'] } }), TypeError);
});

test('a server that lacks a column or a table leaves defaults and emptiness', () => {
  const store = newStore();
  const shelf = shopSchema.tables.Shelf ?? assert.fail();
  store.apply({ Shelf: { [A]: { insert: { name: 'a', note: 'n' } } } }, 'update2', []);
  const { note: _note, ...columns } = shelf.columns;
  store.setServed({ ...shopSchema, tables: { Shelf: { ...shelf, columns } } });
  assert.deepEqual(store.monitorRequests(), { Shelf: [{ columns: ['name', 'codes', 'labels', 'level'] }] });
  assert.equal(store.tables.Shelf?.has('note'), false);
  assert.equal(store.tables.Item?.has('name'), false);
  const changes: DynamicChange[] = [];
  store.replaceAll({ Shelf: { [A]: { initial: { name: 'a' } } } }, 'update2', changes);
  assert.deepEqual([...(changes[0]?.columns ?? [])], ['note']);
  assert.equal(store.tables.Shelf?.get(A)?.note, undefined);
});
