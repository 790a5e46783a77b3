import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Network } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import type { Ml2Stack } from '../../testing/ml2-stack.ts';
import { addSubnet, provider, setUpNetworks } from '../../testing/network-fixture.ts';
import { noting } from '../../testing/noting.ts';

const idOf = (number: number): string => `00000000-0000-0000-0000-0000000000${number}`;
const [V4, V6, UNSCOPED] = [idOf(10), idOf(11), idOf(12)];

const standard = {
  project_id: 'p1',
  name: '',
  description: '',
  created_at: '',
  updated_at: '',
  revision_number: 1,
};

/** Give a network something in every other table. */
const furnish = async (database: Database, network: Network): Promise<void> => {
  await addSubnet(database, network, V4, 4);
  await addSubnet(database, network, V6, 6);
  await addSubnet(database, network, UNSCOPED, 4);
  await database.transaction(async ({ query }) => {
    const segment = await query
      .selectFrom('network_segments')
      .select('id')
      .where('network_id', '=', network.id)
      .executeTakeFirstOrThrow();
    for (const [id, version, scope] of [
      [V4, 4, 'scope4'],
      [V6, 6, 'scope6'],
      [UNSCOPED, 4, null],
    ] as const) {
      if (scope !== null)
        await query
          .insertInto('address_scopes')
          .values({ id: scope, project_id: 'p1', name: '', ip_version: version })
          .execute();
      await query
        .insertInto('subnetpools')
        .values({
          ...standard,
          id: `pool of ${id}`,
          ip_version: version,
          prefixes: '[]',
          default_quota: null,
          default_prefixlen: 24,
          min_prefixlen: 8,
          max_prefixlen: 32,
          is_default: 0,
          address_scope_id: scope,
        })
        .execute();
      await query
        .updateTable('subnets')
        .set({ subnetpool_id: `pool of ${id}` })
        .where('id', '=', id)
        .execute();
    }
    await query.updateTable('subnets').set({ segment_id: segment.id }).where('id', '=', V6).execute();
    await query
      .insertInto('qos_policies')
      .values({ ...standard, id: 'policy', is_default: 0 })
      .execute();
    await query
      .insertInto('qos_network_policies')
      .values({ network_id: network.id, qos_policy_id: 'policy' })
      .execute();
    await query
      .insertInto('tags')
      .values(['b', 'a'].map((tag) => ({ object_id: network.id, tag })))
      .execute();
  });
};

/** Networks as a list shows them, with what was read for that. */
const read = async (database: Database, stack: Ml2Stack, wanted?: readonly string[], among = 'networks') =>
  database.read(async ({ query }) => {
    const rows = among === '' ? [] : await query.selectFrom('networks').selectAll().orderBy('name').execute();
    const tables: string[] = [];
    const reader = {
      query: noting(query, ({ sql }) => {
        tables.push([...sql.matchAll(/(?:from|join) "(\w+)"/g)].map(([, table]) => table).join(' '));
      }),
    };
    const plain = rows.map((row) => ({ ...row }));
    const networks = await stack.networks.store.assemble(reader, plain, wanted && new Set(wanted));
    return { networks, tables };
  });

const EVERYTHING = [
  'network_segments',
  'rbac_entries',
  'subnets',
  'qos_network_policies',
  'subnets subnetpools',
  'tags',
];

forEachDialect('networks as they are stored', (databases) => {
  it('show what they have in other tables too, the empty and the full', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const plain = await stack.createNetwork({ name: 'a' });
    await addSubnet(database, plain, idOf(13), 6);
    const bare: Network = {
      ...plain,
      subnets: [idOf(13)],
      l2_adjacency: true,
      vlan_transparent: false,
      availability_zones: [],
    };
    const made = await stack.createNetwork({ name: 'b', shared: true, ...provider('vlan', 'physnet1', 150) });
    await furnish(database, made);
    const full: Network = {
      ...made,
      subnets: [V4, V6, UNSCOPED],
      l2_adjacency: false,
      vlan_transparent: false,
      availability_zones: [],
      ipv4_address_scope: 'scope4',
      ipv6_address_scope: 'scope6',
      qos_policy_id: 'policy',
      tags: ['a', 'b'],
    };
    assert.deepEqual(await read(database, stack), { networks: [bare, full], tables: EVERYTHING });
    await database.transaction(({ query }) =>
      query
        .updateTable('networks')
        .set({
          admin_state_up: 0,
          is_default: 1,
          vlan_transparent: null,
          availability_zone_hints: '["x","y"]',
        })
        .where('id', '=', made.id)
        .execute(),
    );
    const other = {
      ...full,
      admin_state_up: false,
      is_default: true,
      vlan_transparent: null,
      availability_zone_hints: ['x', 'y'],
    };
    assert.deepEqual((await read(database, stack)).networks, [bare, other]);
    await database.transaction(({ query }) =>
      query.updateTable('networks').set({ vlan_transparent: 1 }).execute(),
    );
    assert.deepEqual((await read(database, stack)).networks, [
      { ...bare, vlan_transparent: true },
      { ...other, vlan_transparent: true },
    ]);
  });

  it('are read only where somebody asked', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const made = await stack.createNetwork({ shared: true, ...provider('vlan', 'physnet1', 150) });
    await furnish(database, made);
    const row: Network = {
      ...made,
      'provider:network_type': null,
      'provider:physical_network': null,
      'provider:segmentation_id': null,
      shared: false,
    };
    const ofVlan = {
      'provider:network_type': 'vlan',
      'provider:physical_network': 'physnet1',
      'provider:segmentation_id': 150,
    };
    const ofSubnets = { subnets: [V4, V6, UNSCOPED], l2_adjacency: false };
    const ofScopes = { ipv4_address_scope: 'scope4', ipv6_address_scope: 'scope6' };
    const cases: readonly (readonly [wanted: string, table: string | undefined, shown: Partial<Network>])[] =
      [
        ['name', undefined, {}],
        ['provider:network_type', 'network_segments', ofVlan],
        ['provider:physical_network', 'network_segments', ofVlan],
        ['provider:segmentation_id', 'network_segments', ofVlan],
        ['segments', 'network_segments', ofVlan],
        ['shared', 'rbac_entries', { shared: true }],
        ['subnets', 'subnets', ofSubnets],
        ['l2_adjacency', 'subnets', ofSubnets],
        ['qos_policy_id', 'qos_network_policies', { qos_policy_id: 'policy' }],
        ['ipv4_address_scope', 'subnets subnetpools', ofScopes],
        ['ipv6_address_scope', 'subnets subnetpools', ofScopes],
        ['tags', 'tags', { tags: ['a', 'b'] }],
      ];
    for (const [wanted, table, shown] of cases)
      assert.deepEqual(
        await read(database, stack, ['id', wanted]),
        { networks: [{ ...row, ...shown }], tables: table === undefined ? [] : [table] },
        wanted,
      );
    assert.deepEqual(await read(database, stack, undefined, ''), { networks: [], tables: [] });
  });
});
