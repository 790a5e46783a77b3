import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ipFromValue } from '@ovenbird/api';
import type { Database } from '../db/database.ts';
import { forEachDialect, type TestDatabases } from '../testing/databases.ts';
import { refused } from '../testing/network-fixture.ts';
import { allocateAddresses, type PortWants } from './allocate.ts';
import { deleteAllocations, insertAllocations } from './allocations.ts';
import { type IpamSubnet, ipamSubnet } from './ipam-subnet.ts';
import { rangesOf } from './pools.ts';
import type { Random } from './random.ts';

const standard = {
  project_id: 'p',
  name: '',
  description: '',
  created_at: '',
  updated_at: '',
  revision_number: 1,
};

/** A network with ports `a`, `b`, … and subnets of 10.0.N.0/24, in SQL. */
const world = async (databases: TestDatabases): Promise<Database> => {
  const database = await databases.open();
  await database.transaction(async ({ query }) => {
    await query
      .insertInto('networks')
      .values({
        ...standard,
        id: 'net',
        admin_state_up: 1,
        status: 'ACTIVE',
        mtu: 1500,
        port_security_enabled: 1,
        external: 0,
        is_default: 0,
        vlan_transparent: null,
        availability_zone_hints: '[]',
        dns_domain: '',
      })
      .execute();
    for (const [index, id] of ['one', 'two'].entries())
      await query
        .insertInto('subnets')
        .values({ ...standard, ...columns(id, index) })
        .execute();
    for (const [index, id] of [...'abcdefgh'].entries())
      await query
        .insertInto('ports')
        .values({ ...standard, ...portColumns(id, index) })
        .execute();
  });
  return database;
};

const columns = (id: string, index: number) => ({
  id,
  network_id: 'net',
  ip_version: 4 as const,
  cidr: `10.0.${index}.0/24`,
  gateway_ip: null,
  enable_dhcp: 1 as const,
  ipv6_ra_mode: null,
  ipv6_address_mode: null,
  subnetpool_id: null,
  segment_id: null,
  allocation_pools: '[]',
  dns_nameservers: '[]',
  host_routes: '[]',
  service_types: '[]',
  dns_publish_fixed_ip: 0 as const,
});

const portColumns = (id: string, index: number) => ({
  id,
  network_id: 'net',
  mac_address: `fa:16:3e:00:00:0${index}`,
  admin_state_up: 1 as const,
  status: 'DOWN',
  device_id: '',
  device_owner: '',
  port_security_enabled: 1 as const,
  extra_dhcp_opts: '[]',
  ip_allocation: 'none',
  dns_name: '',
  dns_domain: '',
  traits: '{}',
});

const subnet = (id: 'one' | 'two', ...pools: readonly string[]): IpamSubnet => ({
  ...ipamSubnet(columns(id, id === 'one' ? 0 : 1)),
  pools: rangesOf(
    pools.map((pool) => {
      const [start = '', end = start] = pool.split('-');
      return { start, end };
    }),
  ),
});

/** Draws the given numbers, reduced to the bound, and then 0; keeps what it was asked. */
const scripted = (...draws: readonly bigint[]): Random & { readonly bounds: bigint[] } => {
  const left = [...draws];
  const bounds: bigint[] = [];
  return {
    bounds,
    below(bound) {
      bounds.push(bound);
      return (left.shift() ?? 0n) % bound;
    },
  };
};

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

const give = async (database: Database, requests: readonly PortWants[], random = scripted()) => {
  const found = await database.transaction((tx) => allocateAddresses(tx, requests, random));
  return found.map(
    (one) =>
      `${one.portId} ${one.position} ${one.subnetId} ${ipFromValue(one.version, one.address).text} ${one.networkId}`,
  );
};
const rows = (database: Database) =>
  database.read(({ query }) =>
    query.selectFrom('ip_allocations').selectAll().orderBy('ip_sort').orderBy('subnet_id').execute(),
  );

forEachDialect('allocation of addresses', (databases) => {
  it('gives what was asked for, in order of the requests, and writes it', async () => {
    const database = await world(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.19');
    const wants = [
      port('b', [any(one), exact(one, base + 5n)], 3),
      port('a', [exact(one, base + 7n), any(one)], 1),
    ];
    const random = scripted(4n, 6n);
    assert.deepEqual(await give(database, wants, random), [
      'b 3 one 10.0.0.14 net',
      'b 4 one 10.0.0.5 net',
      'a 1 one 10.0.0.7 net',
      'a 2 one 10.0.0.16 net',
    ]);
    assert.deepEqual(random.bounds, [10n, 10n]);
    const [first, ...others] = await rows(database);
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
    const database = await world(databases);
    const random = scripted(65_535n);
    const large = subnet('one', '10.0.0.0-10.1.255.255');
    assert.deepEqual(await give(database, [port('a', [any(large)])], random), ['a 0 one 10.0.255.255 net']);
    assert.deepEqual(random.bounds, [65_536n]);
    const whole = subnet('two', '10.2.0.0-10.2.255.255');
    const other = scripted(1n);
    await give(database, [port('b', [any(whole)])], other);
    assert.deepEqual(other.bounds, [65_536n]);
  });

  it('draws again, three times in all, and then looks for what is free', async () => {
    const database = await world(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.13');
    await give(database, [port('a', [exact(one, base + 10n), exact(one, base + 11n)])]);
    const again = scripted(0n, 1n, 2n);
    assert.deepEqual(await give(database, [port('b', [any(one)])], again), ['b 0 one 10.0.0.12 net']);
    assert.equal(again.bounds.length, 3);
    const searched = scripted(0n, 1n, 2n, 0n);
    assert.deepEqual(await give(database, [port('c', [any(one)])], searched), ['c 0 one 10.0.0.13 net']);
    assert.deepEqual(searched.bounds, [4n, 4n, 4n, 1n]);
    await assert.rejects(
      give(database, [port('d', [any(one)])]),
      refused(409, 'IpAddressGenerationFailure', /net/),
    );
    assert.equal((await rows(database)).length, 4);
  });

  it('gives many at once what is left, each another, from the next subnet when one is full', async () => {
    const database = await world(databases);
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
    await assert.rejects(give(database, wants), refused(409, 'IpAddressGenerationFailure', /net/));
    const enough = await give(database, [port('e', [any(few)]), port('f', [lowest(few), any(few)])]);
    assert.deepEqual(enough.map((text) => text.split(' ')[3]).sort(), [
      '10.0.1.40',
      '10.0.1.41',
      '10.0.1.42',
    ]);
  });

  it('gives the lowest to those that take it, with no draw', async () => {
    const database = await world(databases);
    const one = subnet('one', '10.0.0.10-10.0.0.19');
    await give(database, [port('a', [exact(one, base + 10n)])]);
    const random = scripted();
    assert.deepEqual(await give(database, [port('b', [lowest(one)]), port('c', [lowest(one)])], random), [
      'b 0 one 10.0.0.11 net',
      'c 0 one 10.0.0.12 net',
    ]);
    assert.deepEqual(random.bounds, []);
  });

  it('refuses an address that is in use, or asked for twice, and changes nothing', async () => {
    const database = await world(databases);
    const [one, two] = [subnet('one', '10.0.0.10-10.0.0.19'), subnet('two', '10.0.1.20-10.0.1.29')];
    await give(database, [port('a', [exact(one, base + 10n), exact(two, base + 10n)])]);
    const before = await rows(database);
    const inUse = refused(409, 'IpAddressAlreadyAllocated', /10\.0\.0\.10\b.*\bone\b/);
    await assert.rejects(give(database, [port('b', [any(one), exact(one, base + 10n)])]), inUse);
    const twice = [port('b', [exact(one, base + 12n)]), port('c', [exact(one, base + 12n)])];
    const asked = refused(409, 'IpAddressAlreadyAllocated', /10\.0\.0\.12\b/);
    await assert.rejects(give(database, twice), asked);
    assert.deepEqual(await rows(database), before);
  });

  it('needs a pool to give any', async () => {
    const database = await world(databases);
    const nothing = refused(409, 'IpAddressGenerationFailure', /net/);
    await assert.rejects(give(database, [port('a', [any(subnet('one'))])]), nothing);
    await assert.rejects(give(database, [port('a', [any()])]), nothing);
    assert.deepEqual(await give(database, []), []);
  });

  it('takes back what is named of one port', async () => {
    const database = await world(databases);
    const [one, two] = [subnet('one'), subnet('two')];
    const some = [exact(one, base + 1n), exact(two, base + 1n), exact(one, base + 2n)];
    await give(database, [port('a', some), port('b', [exact(one, base + 3n)])]);
    const address = (subnet_id: string, ip_address: string) => ({ subnet_id, ip_address });
    await database.transaction((tx) => deleteAllocations(tx, 'a', []));
    await database.transaction((tx) =>
      deleteAllocations(tx, 'a', [address('one', '10.0.0.1'), address('one', '10.0.0.3')]),
    );
    assert.deepEqual(
      (await rows(database)).map((row) => `${row.port_id} ${row.subnet_id} ${row.ip_address}`),
      ['a two 10.0.0.1', 'a one 10.0.0.2', 'b one 10.0.0.3'],
    );
  });

  it('writes more rows at once than a statement may have', async () => {
    const database = await world(databases);
    const many = Array.from({ length: 4_001 }, (_, index) => ({
      portId: 'a',
      networkId: 'net',
      subnetId: 'one',
      version: 4 as const,
      address: base + BigInt(index),
      position: index,
    }));
    await database.transaction((tx) => insertAllocations(tx, many));
    const last = (await rows(database)).at(-1);
    assert.deepEqual([last?.ip_address, last?.position], ['10.0.15.160', 4_000]);
  });
});
