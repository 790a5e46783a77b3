import type { Database } from '../db/database.ts';
import type { Allocation } from '../ipam/allocations.ts';
import type { TestDatabases } from './databases.ts';

const standard = {
  project_id: 'p',
  name: '',
  description: '',
  created_at: '',
  updated_at: '',
  revision_number: 1,
};

/** A network with ports `a`, `b`, … and subnets of 10.0.N.0/24, in SQL. */
export const worldOfPorts = async (databases: TestDatabases): Promise<Database> => {
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
        .values({ ...standard, ...subnetColumns(id, index) })
        .execute();
    for (const [index, id] of [...'abcdefgh'].entries())
      await query
        .insertInto('ports')
        .values({ ...standard, ...portColumns(id, index) })
        .execute();
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
