import assert from 'node:assert/strict';
import { it } from 'node:test';
import { UniqueViolation } from '../db/database.ts';
import { allocation, allocationRows, worldOfPorts } from '../testing/address-world.ts';
import { forEachDialect } from '../testing/databases.ts';
import { deleteAllocations, insertAllocations, insertFreeAllocations, usedOf } from './allocations.ts';

const base = allocation.address;

forEachDialect('rows of addresses', (databases) => {
  it('takes back what is named of one port', async () => {
    const database = await worldOfPorts(databases);
    await database.transaction((tx) =>
      insertAllocations(tx, [
        { ...allocation, address: base + 1n },
        { ...allocation, subnetId: 'two', address: base + 1n },
        { ...allocation, address: base + 2n },
        { ...allocation, portId: 'b', address: base + 3n },
      ]),
    );
    const address = (subnet_id: string, ip_address: string) => ({ subnet_id, ip_address });
    await database.transaction((tx) =>
      deleteAllocations(tx, 'a', [address('one', '10.0.0.1'), address('one', '10.0.0.3')]),
    );
    assert.deepEqual(
      (await allocationRows(database)).map((row) => `${row.port_id} ${row.subnet_id} ${row.ip_address}`),
      ['a two 10.0.0.1', 'a one 10.0.0.2', 'b one 10.0.0.3'],
    );
  });

  it('takes back nothing without a statement', async () => {
    const database = await worldOfPorts(databases);
    const ended = await database.transaction(async (tx) => tx);
    await deleteAllocations(ended, 'a', []);
    await assert.rejects(deleteAllocations(ended, 'a', [{ subnet_id: 'one', ip_address: '10.0.0.1' }]));
  });

  it('tells those who know an address to be free that it is not', async () => {
    const database = await worldOfPorts(databases);
    const write = () => database.transaction((tx) => insertAllocations(tx, [allocation]));
    await database.transaction((tx) => insertFreeAllocations(tx, [{ ...allocation, address: 1n }]));
    await write();
    await assert.rejects(write, UniqueViolation);
    assert.equal((await allocationRows(database)).length, 2);
  });

  it('knows what is used of a range of one subnet', async () => {
    const database = await worldOfPorts(databases);
    const first = 0x20010db8n << 96n;
    const used = [0n, 1n, 9n, 10n, 255n, 256n, 2n ** 64n];
    await database.transaction((tx) =>
      insertAllocations(tx, [
        ...used.map((address) => ({ ...allocation, version: 6 as const, address: first + address })),
        { ...allocation, subnetId: 'two', version: 6, address: first + 5n },
      ]),
    );
    for (const [from, to] of [
      [0n, 2n ** 64n],
      [1n, 255n],
      [2n, 8n],
      [9n, 9n],
      [2n ** 64n, 2n ** 65n],
    ] as const) {
      const [count, list] = await database.read(async (reader) => {
        const { count: counted, list: listed } = usedOf(reader, 'one', 6);
        return [await counted(first + from, first + to), await listed(first + from, first + to)];
      });
      const expected = used.filter((address) => from <= address && address <= to);
      assert.deepEqual([count, list], [BigInt(expected.length), expected.map((address) => first + address)]);
    }
  });

  it('writes more rows at once than a statement may have', async () => {
    const database = await worldOfPorts(databases);
    const many = Array.from({ length: 4_001 }, (_, index) => ({
      ...allocation,
      address: base + BigInt(index),
      position: index,
    }));
    await database.transaction((tx) => insertAllocations(tx, many));
    const last = (await allocationRows(database)).at(-1);
    assert.deepEqual([last?.ip_address, last?.position], ['10.0.15.160', 4_000]);
  });
});
