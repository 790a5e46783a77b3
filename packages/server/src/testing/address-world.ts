import type { Database } from '../db/database.ts';
import { withRows } from '../drivers/mech/ovn/testing/rows.ts';
import type { Allocation } from '../ipam/allocations.ts';
import type { TestDatabases } from './databases.ts';

/** A network with ports `a`, `b`, … and subnets of 10.0.N.0/24, in SQL. */
export const worldOfPorts = async (databases: TestDatabases): Promise<Database> => {
  const database = await databases.open();
  await withRows(database, async (rows) => {
    await rows.network({ id: 'net' });
    for (const [index, id] of ['one', 'two'].entries()) await rows.subnet('net', subnetColumns(id, index));
    for (const [index, id] of [...'abcdefgh'].entries())
      await rows.port('net', { id, mac_address: `fa:16:3e:00:00:0${index}` });
  });
  return database;
};

export const subnetColumns = (id: string, index: number) => ({
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

/** An address of port `a` in subnet `one`. */
export const allocation: Allocation = {
  portId: 'a',
  networkId: 'net',
  subnetId: 'one',
  version: 4,
  address: 0x0a000000n,
  position: 0,
};

/** All addresses in SQL, in order. */
export const allocationRows = (database: Database) =>
  database.read(({ query }) =>
    query.selectFrom('ip_allocations').selectAll().orderBy('ip_sort').orderBy('subnet_id').execute(),
  );
