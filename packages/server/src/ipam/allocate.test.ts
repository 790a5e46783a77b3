import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ipFromValue } from '@ovenbird/api';
import type { Database } from '../db/database.ts';
import { allocation, allocationRows, subnetColumns, worldOfPorts } from '../testing/address-world.ts';
import { forEachDialect } from '../testing/databases.ts';
import { refused } from '../testing/network-fixture.ts';
import { scriptedRandom } from '../testing/scripted-random.ts';
import { allocateAddresses, type PortWants } from './allocate.ts';
import { insertAllocations } from './allocations.ts';
import { type IpamSubnet, ipamSubnet } from './ipam-subnet.ts';
import { rangesOf } from './pools.ts';

const subnet = (id: 'one' | 'two', ...pools: readonly string[]): IpamSubnet => ({
  ...ipamSubnet(subnetColumns(id, id === 'one' ? 0 : 1)),
  pools: rangesOf(
    pools.map((pool) => {
      const [start = '', end = start] = pool.split('-');
      return { start, end };
    }),
  ),
});

const any = (...subnets: readonly IpamSubnet[]) => ({ kind: 'any', subnets, next: false }) as const;
const lowest = (...subnets: readonly IpamSubnet[]) => ({ kind: 'any', subnets, next: true }) as const;
const exact = (of: IpamSubnet, value: bigint) =>
  ({ kind: 'exact', subnet: of, address: ipFromValue(4, value) }) as const;
const port = (portId: string, wants: PortWants['wants'], firstPosition = 0): PortWants => ({
  portId,
  networkId: 'net',
  wants,
  firstPosition,
});
const base = 0x0a000000n;

const give = async (database: Database, requests: readonly PortWants[], random = scriptedRandom()) => {
  const found = await database.transaction((tx) => allocateAddresses(tx, requests, random));
  return found.map(
    (one) =>
      `${one.portId} ${one.position} ${one.subnetId} ${ipFromValue(one.version, one.address).text} ${one.networkId}`,
  );
};

forEachDialect('allocation of addresses', (databases) => {
  it('gives what was asked for, in order of the requests, and writes it', async () => {
    const database = await worldOfPorts(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.19');
    const wants = [
      port('b', [any(one), exact(one, base + 5n)], 3),
      port('a', [exact(one, base + 7n), any(one)], 1),
    ];
    const random = scriptedRandom(4n, 6n);
    assert.deepEqual(await give(database, wants, random), [
      'b 3 one 10.0.0.14 net',
      'b 4 one 10.0.0.5 net',
      'a 1 one 10.0.0.7 net',
      'a 2 one 10.0.0.16 net',
    ]);
    assert.deepEqual(random.bounds, [10n, 10n]);
    const [first, ...others] = await allocationRows(database);
    assert.deepEqual(
      { ...first },
      {
        port_id: 'b',
        network_id: 'net',
        subnet_id: 'one',
        ip_address: '10.0.0.5',
        ip_sort: '0a000005',
        position: 4,
      },
    );
    assert.equal(others.length, 3);
  });

  it('draws from the front of a large pool', async () => {
    const database = await worldOfPorts(databases);
    const random = scriptedRandom(65_535n);
    const large = subnet('one', '10.0.0.0-10.1.255.255');
    assert.deepEqual(await give(database, [port('a', [any(large)])], random), ['a 0 one 10.0.255.255 net']);
    assert.deepEqual(random.bounds, [65_536n]);
    const whole = subnet('two', '10.2.0.0-10.2.255.255');
    const other = scriptedRandom(1n);
    await give(database, [port('b', [any(whole)])], other);
    assert.deepEqual(other.bounds, [65_536n]);
  });

  it('draws again, three times in all, and then looks for what is free', async () => {
    const database = await worldOfPorts(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.13');
    await give(database, [port('a', [exact(one, base + 10n), exact(one, base + 11n)])]);
    const again = scriptedRandom(0n, 1n, 2n);
    assert.deepEqual(await give(database, [port('b', [any(one)])], again), ['b 0 one 10.0.0.12 net']);
    assert.equal(again.bounds.length, 3);
    const searched = scriptedRandom(0n, 1n, 2n, 0n);
    assert.deepEqual(await give(database, [port('c', [any(one)])], searched), ['c 0 one 10.0.0.13 net']);
    assert.deepEqual(searched.bounds, [4n, 4n, 4n, 1n]);
    await assert.rejects(
      give(database, [port('d', [any(one)])]),
      refused(409, 'IpAddressGenerationFailure', /network net\b/),
    );
    assert.equal((await allocationRows(database)).length, 4);
  });

  it('draws again only for those whose address is in use', async () => {
    const database = await worldOfPorts(databases);
    const [one, two] = [subnet('one', '10.0.0.10-10.0.0.19'), subnet('two', '10.0.0.10-10.0.0.19')];
    await give(database, [port('a', [exact(one, base + 10n), exact(two, base + 12n)])]);
    const random = scriptedRandom(0n, 1n, 0n, 2n, 2n, 3n);
    const wants = [
      port('b', [any(one), any(one)]),
      port('c', []),
      port('d', [any(two), exact(one, base + 50n), any(two)]),
    ];
    // First 10 and 11 of `one`, and 10 and 12 of `two`; then for the two in use 12 and 13.
    assert.deepEqual(await give(database, wants, random), [
      'b 0 one 10.0.0.12 net',
      'b 1 one 10.0.0.11 net',
      'd 0 two 10.0.0.10 net',
      'd 1 one 10.0.0.50 net',
      'd 2 two 10.0.0.13 net',
    ]);
    assert.equal(random.bounds.length, 6);
    assert.equal((await allocationRows(database)).length, 7);
  });

  it('finds what is free among more addresses than are read at once', async () => {
    const database = await worldOfPorts(databases);
    const wide = subnet('one', '10.0.8.0-10.0.14.255');
    const addresses = Array.from({ length: 1_792 }, (_, index) => base + 2_048n + BigInt(index));
    const full = addresses.filter((_, index) => index !== 1_500);
    await database.transaction((tx) =>
      insertAllocations(
        tx,
        full.map((address, position) => ({ ...allocation, address, position })),
      ),
    );
    assert.deepEqual(await give(database, [port('b', [lowest(wide)])]), ['b 0 one 10.0.13.220 net']);
    await assert.rejects(
      give(database, [port('c', [lowest(wide)])]),
      refused(409, 'IpAddressGenerationFailure', /network net\b/),
    );
  });

  it('gives many at once what is left, each another, from the next subnet when one is full', async () => {
    const database = await worldOfPorts(databases);
    const [one, two] = [subnet('one', '10.0.0.10-10.0.0.11'), subnet('two', '10.0.1.20-10.0.1.29')];
    const given = await give(
      database,
      [...'abcd'].map((id) => port(id, [any(one, two)])),
    );
    assert.deepEqual(
      given.map((text) => text.split(' ')[0]),
      [...'abcd'],
    );
    assert.equal(new Set(given.map((text) => text.split(' ')[3])).size, 4);
    assert.equal(given.filter((text) => text.includes(' one ')).length, 2);
    const few = subnet('two', '10.0.1.40-10.0.1.42');
    const wants = [port('e', [any(few), any(few)]), port('f', [lowest(few), any(few)])];
    await assert.rejects(give(database, wants), refused(409, 'IpAddressGenerationFailure', /network net\b/));
    const enough = await give(database, [port('e', [any(few)]), port('f', [lowest(few), any(few)])]);
    assert.deepEqual(enough.map((text) => text.split(' ')[3]).sort(), [
      '10.0.1.40',
      '10.0.1.41',
      '10.0.1.42',
    ]);
  });

  it('gives the lowest to those that take it, with no draw', async () => {
    const database = await worldOfPorts(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.19');
    await give(database, [port('a', [exact(one, base + 10n)])]);
    const random = scriptedRandom();
    assert.deepEqual(await give(database, [port('b', [lowest(one)]), port('c', [lowest(one)])], random), [
      'b 0 one 10.0.0.11 net',
      'c 0 one 10.0.0.12 net',
    ]);
    assert.deepEqual(random.bounds, []);
  });

  it('refuses an address that is in use, or asked for twice, and changes nothing', async () => {
    const database = await worldOfPorts(databases);
    const [one, two] = [subnet('one', '10.0.0.10-10.0.0.19'), subnet('two', '10.0.1.20-10.0.1.29')];
    await give(database, [port('a', [exact(one, base + 10n), exact(two, base + 10n)])]);
    const before = await allocationRows(database);
    const inUse = refused(409, 'IpAddressAlreadyAllocated', /10\.0\.0\.10\b.*\bone\b/);
    await assert.rejects(give(database, [port('b', [any(one), exact(one, base + 10n)])]), inUse);
    const twice = [port('b', [exact(one, base + 12n)]), port('c', [exact(one, base + 12n)])];
    const asked = refused(409, 'IpAddressAlreadyAllocated', /10\.0\.0\.12\b/);
    await assert.rejects(give(database, twice), asked);
    assert.deepEqual(await allocationRows(database), before);
  });

  it('needs a pool to give any', async () => {
    const database = await worldOfPorts(databases);
    const nothing = refused(409, 'IpAddressGenerationFailure', /network net\b/);
    await assert.rejects(give(database, [port('a', [any(subnet('one'))])]), nothing);
    await assert.rejects(give(database, [port('a', [any()])]), nothing);
    assert.deepEqual(await give(database, []), []);
  });
});
