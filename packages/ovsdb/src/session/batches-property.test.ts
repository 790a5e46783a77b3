import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { ChangeBatch, OvsdbClient } from '../contract.ts';
import type { ShopTables } from '../testing/fixtures/shop.generated.ts';
import { shopClient, shopFile } from '../testing/fixtures/shop.ts';
import { startOvsdbServer } from '../testing/index.ts';
import { startRelay } from '../testing/relay.ts';

type Copy = { [column: string]: unknown };

/** What a listener knows that looks at nothing but the columns that each change names. */
class Mirror {
  readonly rows = new Map<string, Copy>();
  readonly problems: string[] = [];

  take(batch: ChangeBatch<ShopTables>): void {
    for (const { kind, table, uuid, row, columns } of batch.changes) {
      const known = this.rows.get(uuid);
      if ((kind === 'insert') !== (known === undefined)) this.problems.push(`${kind} ${table} ${uuid}`);
      if (kind === 'delete') {
        this.rows.delete(uuid);
        continue;
      }
      const copy: Copy = known ?? { _uuid: uuid };
      const values = new Map(Object.entries(row));
      for (const column of columns) copy[column] = structuredClone(values.get(column));
      this.rows.set(uuid, copy);
    }
  }
}

function replicaRows(client: OvsdbClient<ShopTables>): Map<string, Copy> {
  const rows = [...client.replica.Shelf.rows(), ...client.replica.Item.rows()];
  return new Map(rows.map((row) => [row._uuid, { ...row }]));
}

const change = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  what: fc.constantFrom('insert', 'codes', 'rename', 'delete'),
  codes: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }),
});
const round = fc.record({ changes: fc.array(change, { maxLength: 6 }), cut: fc.boolean() });

for (const clustered of [false, true]) {
  const kind = clustered ? 'clustered' : 'stand-alone';
  test(`${kind}: batches tell everything that changed, across lost links too`, async () => {
    await using server = await startOvsdbServer({ schemaFile: shopFile, clustered });
    const to = server.endpoint.slice('unix:'.length);
    const from = `${to}-relay`;
    await using writer = shopClient([server.endpoint]);
    await writer.ready();
    let relay = await startRelay({ from, to });
    await using client = shopClient([`unix:${from}`], { backoffMs: { min: 1, max: 5 } });
    const mirror = new Mirror();
    using _listening = client.onBatch((batch) => mirror.take(batch));
    await client.ready();
    const op = writer.operations;

    const apply = async ({
      name,
      what,
      codes,
    }: {
      name: string;
      what: string;
      codes: number[];
    }): Promise<void> => {
      const where = [['name', '==', name]] as const;
      const item = randomUUID();
      const operations = {
        insert: [
          op.insert('Item', item, { name }),
          op.insert('Shelf', randomUUID(), { name, codes: new Set(codes), items: new Set([item]) }),
        ],
        codes: [op.mutate('Shelf', where, [['codes', 'insert', new Set(codes)]])],
        rename: [
          op.update('Shelf', where, { name: `${name}${codes.length}`, labels: new Map([['was', name]]) }),
        ],
        delete: [op.delete('Shelf', where)],
      };
      const chosen = new Map(Object.entries(operations)).get(what) ?? [];
      // Names are unique: a second insert fails, and must not show.
      await writer
        .transact(chosen)
        .catch((error: unknown) => assert.match(String(error), /constraint violation/));
    };

    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 4 }), async (rounds) => {
        for (const { changes, cut } of rounds) {
          if (cut) {
            await relay[Symbol.asyncDispose]();
            while (client.state === 'ready') await setImmediate();
          }
          for (const item of changes) await apply(item);
          if (cut) {
            relay = await startRelay({ from, to });
            await client.ready();
          }
          await client.transact([]);
          const expected = replicaRows(client);
          assert.deepEqual(mirror.rows, expected);
          assert.deepEqual(expected, replicaRows(writer));
        }
        assert.deepEqual(mirror.problems, []);
      }),
      { numRuns: 25 },
    );
    await relay[Symbol.asyncDispose]();
  });
}
