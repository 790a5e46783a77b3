import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Operation, Operations } from '../contract.ts';
import type { DynamicRow } from '../replica/dynamic-row.ts';
import { ReplicaStore } from '../replica/replica-store.ts';
import type { ShopTables } from '../testing/fixtures/shop.generated.ts';
import { shopFile, shopSchema, wholeShop } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { OperationBuilder } from '../txn/operations.ts';
import { decodeResults } from '../txn/results.ts';
import { DataMonitor, type MonitorMethod } from './data-monitor.ts';
import { openSocket, parseEndpoint } from './endpoint.ts';
import { Link } from './link.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const name = fc.constantFrom(...NAMES);
const code = fc.integer({ min: 0, max: 6 });
const key = fc.constantFrom('k', 'l', 'm', 'n');
const text = fc.constantFrom('', 'x', 'y', 'ü€😀');
const codes = fc.array(code, { maxLength: 5 }).map((list) => new Set(list));
const labels = fc.array(fc.tuple(key, text), { maxLength: 4 }).map((list) => new Map(list));
const counts = fc.array(fc.tuple(key, code), { maxLength: 4 }).map((list) => new Map(list));
const tags = fc.array(text, { maxLength: 3 }).map((list) => new Set(list));

const columns = fc.record(
  {
    codes,
    labels,
    counts,
    tags,
    level: fc.nat({ max: 100 }),
    weight: fc.constantFrom(0, 1.5, -2.25, 1e30),
    open: fc.boolean(),
    kind: fc.constantFrom('wood', 'steel', undefined),
    note: fc.option(text, { nil: undefined }),
  },
  { requiredKeys: [] },
);

type Step = (op: Operations<ShopTables>) => readonly Operation[];

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(name, columns, fc.boolean()).map(
    ([shelf, row, withItem]): Step =>
      (op) => {
        const item = randomUUID();
        return [
          ...(withItem ? [op.insert('Item', item, { name: shelf })] : []),
          op.insert('Shelf', randomUUID(), {
            name: shelf,
            ...row,
            ...(withItem ? { items: new Set([item]), favourite: item } : {}),
          }),
        ];
      },
  ),
  fc.tuple(name, columns).map(
    ([shelf, row]): Step =>
      (op) => [op.update('Shelf', [['name', '==', shelf]], row)],
  ),
  fc.tuple(name, name).map(
    ([from, to]): Step =>
      (op) => [op.update('Shelf', [['name', '==', from]], { name: to })],
  ),
  fc.tuple(name, codes, labels, codes).map(
    ([shelf, added, pairs, removed]): Step =>
      (op) => [
        op.mutate(
          'Shelf',
          [['name', '==', shelf]],
          [
            ['codes', 'insert', added],
            ['labels', 'insert', pairs],
            ['codes', 'delete', removed],
            ['labels', 'delete', new Set(['k'])],
          ],
        ),
      ],
  ),
  name.map(
    (shelf): Step =>
      (op) => [op.update('Shelf', [['name', '==', shelf]], { items: new Set(), labels: new Map() })],
  ),
  name.map(
    (shelf): Step =>
      (op) => [op.delete('Shelf', [['name', '==', shelf]])],
  ),
);

/** What the replica shows of a table, in the form of a `select` result. */
function shown(store: ReplicaStore, table: string): unknown[] {
  const rows = [...(store.tables[table]?.rows() ?? [])].map((row) => ({ ...row }));
  return rows.sort((a, b) => a._uuid.localeCompare(b._uuid));
}

function assertIndexes(store: ReplicaStore): void {
  const table = store.tables.Shelf ?? assert.fail();
  const rows = [...table.rows()];
  for (const value of NAMES) {
    assert.deepEqual(new Set(table.find('name', value)), new Set(rows.filter((row) => row.name === value)));
  }
  for (const value of ['', 'x', 'y', 'ü€😀']) {
    const labelled = rows.filter((row) => row.labels instanceof Map && row.labels.get('l') === value);
    assert.deepEqual(new Set(table.find('label', value)), new Set(labelled));
    const tagged = rows.filter((row) => row.tags instanceof Set && row.tags.has(value));
    assert.deepEqual(new Set(table.find('tag', value)), new Set(tagged));
  }
}

const indexes = {
  Shelf: {
    name: (row: DynamicRow): string => String(row.name),
    label: (row: DynamicRow): string | undefined =>
      row.labels instanceof Map && row.labels.has('l') ? String(row.labels.get('l')) : undefined,
    tag: (row: DynamicRow): readonly string[] =>
      row.tags instanceof Set ? Array.from(row.tags, (tag) => String(tag)) : [],
  },
};

for (const method of ['monitor_cond_since', 'monitor_cond', 'monitor'] satisfies MonitorMethod[]) {
  test(`${method}: after random transactions the replica and its indexes are what select tells`, async () => {
    await using server = await startOvsdbServer({ schemaFile: shopFile });
    const socket = await openSocket(
      parseEndpoint(server.endpoint),
      undefined,
      5000,
      new AbortController().signal,
    );
    const store = new ReplicaStore({ schema: shopSchema, monitor: wholeShop, indexes });
    const monitor = new DataMonitor('Shop', store, () => {});
    const link = new Link(socket, {
      probeIntervalMs: 0,
      onNotification: (...message) => monitor.notified(...message),
    });
    assert.equal((await monitor.start(link, [method])).method, method);
    const op = new OperationBuilder<ShopTables>(shopSchema, () => shopSchema);
    const run = (operations: readonly Operation[]) =>
      link.request('transact', ['Shop', ...operations], (result) =>
        decodeResults(result, operations, shopSchema),
      );
    const tables = ['Shelf', 'Item'] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        for (const operations of steps) {
          // Names are unique and sets are bounded: some of these fail, and must change nothing.
          await run(operations(op)).catch((error: unknown) =>
            assert.match(String(error), /constraint|syntax/),
          );
        }
        const selects = tables.map((table) => op.select(table, []));
        const results = await run(selects);
        for (const [at, table] of tables.entries()) {
          const rows = (results[at]?.rows ?? []).map(({ _version, ...row }) => row);
          rows.sort((a, b) => String(a._uuid).localeCompare(String(b._uuid)));
          assert.deepEqual(shown(store, table), rows.map(orderedLike(store, table)));
        }
        assertIndexes(store);
      }),
      { numRuns: 40 },
    );
    link.close(new Error('done'));
  });
}

/** Columns in the order of the replica's rows; equality of objects does not depend on it, messages read better. */
function orderedLike(store: ReplicaStore, table: string): (row: { [column: string]: unknown }) => object {
  const order = ['_uuid', ...(store.tables[table]?.columns ?? [])];
  return (row) => Object.fromEntries(order.map((column) => [column, row[column]]));
}
