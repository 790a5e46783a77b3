import assert from 'node:assert/strict';
import { ApiError, type Network } from '@ovenbird/api';
import type { Database } from '../db/database.ts';
import type { Change } from '../ml2/contract.ts';
import type { TestDatabases } from './databases.ts';
import { createMl2Stack, type Ml2Stack, type Ml2StackOptions } from './ml2-stack.ts';

/** Whether an error is the ApiError of this status and type. */
export const refused = (status: number, type: string, message?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ApiError, String(error));
  assert.deepEqual([error.status, error.type], [status, type]);
  if (message !== undefined) assert.match(error.message, message);
  return true;
};

const TABLES = [
  'networks',
  'network_segments',
  'segment_allocations',
  'rbac_entries',
  'subnets',
  'ports',
  'tags',
] as const;

/** Everything in the tables that networks touch, to show that nothing changed. */
export const contents = (database: Database) =>
  database.read(async ({ query }) => {
    const all: { [table: string]: unknown } = {};
    for (const table of TABLES) {
      const rows = await query.selectFrom(table).selectAll().execute();
      all[table] = rows.map((row) => JSON.stringify(row)).sort();
    }
    return all;
  });

/** A network as a show request reads it. */
export const show = async (database: Database, stack: Ml2Stack, id: string): Promise<Network | undefined> =>
  database.read(async (reader) => {
    const rows = await reader.query.selectFrom('networks').selectAll().where('id', '=', id).execute();
    return (
      await stack.networks.store.assemble(
        reader,
        rows.map((row) => ({ ...row })),
        undefined,
      )
    )[0];
  });

/** `provider:*` of a body. */
export const provider = (type: string, physical?: string, id?: number) => ({
  'provider:network_type': type,
  ...(physical === undefined ? {} : { 'provider:physical_network': physical }),
  ...(id === undefined ? {} : { 'provider:segmentation_id': id }),
});

const portRow = (network: Network, id: string, projectId: string, owner: string) =>
  ({
    id,
    project_id: projectId,
    network_id: network.id,
    name: '',
    description: '',
    mac_address: `fa:16:3e:00:00:${id.slice(-2)}`,
    admin_state_up: 1,
    status: 'DOWN',
    device_id: '',
    device_owner: owner,
    port_security_enabled: 1,
    extra_dhcp_opts: '[]',
    ip_allocation: 'none',
    dns_name: '',
    dns_domain: '',
    traits: '{}',
    created_at: '',
    updated_at: '',
    revision_number: 1,
  }) as const;

const subnetRow = (network: Network, id: string, version: 4 | 6) =>
  ({
    id,
    project_id: network.project_id,
    network_id: network.id,
    name: '',
    description: '',
    ip_version: version,
    cidr: version === 4 ? '10.0.0.0/24' : 'fd00::/64',
    gateway_ip: null,
    enable_dhcp: 0,
    ipv6_ra_mode: null,
    ipv6_address_mode: null,
    subnetpool_id: null,
    segment_id: null,
    allocation_pools: '[]',
    dns_nameservers: '[]',
    host_routes: '[]',
    service_types: '[]',
    dns_publish_fixed_ip: 0,
    created_at: '',
    updated_at: '',
    revision_number: 1,
  }) as const;

export const addPort = (database: Database, ...row: Parameters<typeof portRow>) =>
  database.transaction(({ query }) =>
    query
      .insertInto('ports')
      .values(portRow(...row))
      .execute(),
  );
export const addSubnet = (database: Database, ...row: Parameters<typeof subnetRow>) =>
  database.transaction(({ query }) =>
    query
      .insertInto('subnets')
      .values(subnetRow(...row))
      .execute(),
  );

/** A stack on an empty database, and what its drivers heard after commits. */
export const setUpNetworks = async (databases: TestDatabases, options: Ml2StackOptions = {}) => {
  const database = await databases.open();
  const changes: Change[] = [];
  const recorder = {
    name: 'recorder',
    postcommit: (all: readonly Change[]) => Promise.resolve(void changes.push(...all)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { database, changes, stack: createMl2Stack(database, { mechanismDrivers: [recorder], ...options }) };
};
