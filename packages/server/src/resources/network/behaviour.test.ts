import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApiError, type Network } from '@ovenbird/api';
import type { Database } from '../../db/database.ts';
import type { Change } from '../../ml2/contract.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { createMl2Stack, type Ml2Stack, type Ml2StackOptions } from '../../testing/ml2-stack.ts';

const refused = (status: number, type: string, message?: RegExp) => (error: unknown) => {
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
const contents = (database: Database) =>
  database.read(async ({ query }) => {
    const all: { [table: string]: unknown } = {};
    for (const table of TABLES) {
      const rows = await query.selectFrom(table).selectAll().execute();
      all[table] = rows.map((row) => JSON.stringify(row)).sort();
    }
    return all;
  });

const show = async (database: Database, stack: Ml2Stack, id: string): Promise<Network | undefined> =>
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

const provider = (type: string, physical?: string, id?: number) => ({
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
    created_at: '',
    updated_at: '',
    revision_number: 1,
  }) as const;

const addPort = (database: Database, ...row: Parameters<typeof portRow>) =>
  database.transaction(({ query }) =>
    query
      .insertInto('ports')
      .values(portRow(...row))
      .execute(),
  );
const addSubnet = (database: Database, ...row: Parameters<typeof subnetRow>) =>
  database.transaction(({ query }) =>
    query
      .insertInto('subnets')
      .values(subnetRow(...row))
      .execute(),
  );

forEachDialect('networks', (databases) => {
  const setUp = async (options: Ml2StackOptions = {}) => {
    const database = await databases.open();
    const changes: Change[] = [];
    const recorder = {
      name: 'recorder',
      postcommit: (all: readonly Change[]) => Promise.resolve(void changes.push(...all)),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    return {
      database,
      changes,
      stack: createMl2Stack(database, { mechanismDrivers: [recorder], ...options }),
    };
  };

  describe('create', () => {
    it('takes a project type, its MTU, and shows what is stored', async () => {
      const { database, changes, stack } = await setUp();
      const created = await stack.createNetwork({ name: 'n1', description: 'd' });
      assert.equal(created['provider:network_type'], 'geneve');
      assert.equal(created['provider:physical_network'], null);
      const id = created['provider:segmentation_id'] ?? 0;
      assert.ok(id >= 1 && id <= 1000);
      assert.equal(created.segments, undefined);
      assert.equal(created.mtu, 1442);
      assert.equal(created.status, 'ACTIVE');
      assert.equal(created.revision_number, 1);
      assert.equal(created.port_security_enabled, true);
      assert.deepEqual(await show(database, stack, created.id), created);
      assert.deepEqual(changes, [{ kind: 'network', action: 'create', id: created.id, current: created }]);
    });

    it('falls to the next type when the first has no space, and ends with 503', async () => {
      const { stack } = await setUp({
        config: { projectNetworkTypes: ['vlan', 'geneve'] },
        networkVlanRanges: ['physnet1:100:100'],
        geneveVniRanges: ['5:5'],
      });
      const types = [await stack.createNetwork({}), await stack.createNetwork({})].map(
        (network) => network['provider:network_type'],
      );
      assert.deepEqual(types, ['vlan', 'geneve']);
      await assert.rejects(stack.createNetwork({}), refused(503, 'NoNetworkAvailable'));
    });

    it('gives external networks their own type', async () => {
      const { database, stack } = await setUp({
        config: { externalNetworkType: 'vlan' },
      });
      const external = await stack.createNetwork({ 'router:external': true });
      assert.equal(external['provider:network_type'], 'vlan');
      assert.equal(external['router:external'], true);
      const entries = await database.read(({ query }) =>
        query.selectFrom('rbac_entries').select(['action', 'target_project', 'object_id']).execute(),
      );
      assert.deepEqual(
        entries.map((entry) => ({ ...entry })),
        [{ action: 'access_as_external', target_project: '*', object_id: external.id }],
      );
    });

    it('takes given segments, outside the ranges too, and completes partial ones', async () => {
      const { stack } = await setUp();
      const full = await stack.createNetwork(provider('vlan', 'physnet1', 4000));
      assert.deepEqual(
        [full['provider:physical_network'], full['provider:segmentation_id'], full.mtu],
        ['physnet1', 4000, 1500],
      );
      const partial = await stack.createNetwork(provider('vlan', 'physnet1'));
      const id = partial['provider:segmentation_id'] ?? 0;
      assert.ok(id >= 100 && id <= 199);
      const typeOnly = await stack.createNetwork(provider('vlan'));
      assert.equal(typeOnly['provider:physical_network'], 'physnet1');
      const tunnel = await stack.createNetwork(provider('geneve', undefined, 77_777));
      assert.equal(tunnel['provider:segmentation_id'], 77_777);
      const flat = await stack.createNetwork(provider('flat', 'physnet3'));
      assert.deepEqual([flat['provider:segmentation_id'], flat.mtu], [null, 1400]);
      const local = await stack.createNetwork(provider('local'));
      assert.deepEqual([local['provider:physical_network'], local.mtu], [null, 1500]);
    });

    it('shows several segments instead of provider attributes', async () => {
      const { database, stack } = await setUp();
      const segments = [provider('vlan', 'physnet1', 150), provider('flat', 'physnet2'), provider('geneve')];
      const created = await stack.createNetwork({ segments });
      assert.equal(created['provider:network_type'], undefined);
      assert.deepEqual(
        created.segments?.map((segment) => segment['provider:network_type']),
        ['vlan', 'flat', 'geneve'],
      );
      assert.equal(created.mtu, 1442);
      assert.deepEqual(await show(database, stack, created.id), created);
    });

    const impossible: readonly (readonly [what: object, status: number, type: string])[] = [
      [provider('unheard-of'), 400, 'InvalidInput'],
      [provider('vlan', 'physnet9'), 400, 'InvalidInput'],
      [provider('vlan', 'physnet2'), 503, 'NoNetworkAvailable'],
      [provider('vlan', 'physnet1', 4095), 400, 'InvalidInput'],
      [provider('vlan', 'physnet1', 101), 409, 'VlanIdInUse'],
      [provider('geneve', undefined, 42), 409, 'TunnelIdInUse'],
      [provider('flat', 'physnet1'), 409, 'FlatNetworkInUse'],
      [{ 'provider:physical_network': 'physnet1' }, 400, 'InvalidInput'],
      [{ mtu: 1443 }, 400, 'InvalidInput'],
      [{ availability_zone_hints: ['nowhere'] }, 404, 'AvailabilityZoneNotFound'],
      [{ segments: [provider('local'), provider('local')] }, 400, 'SegmentsContainDuplicateEntry'],
      [
        { ...provider('geneve'), segments: [provider('geneve')] },
        400,
        'SegmentsSetInConjunctionWithProviders',
      ],
      [{ segments: [provider('geneve'), provider('vlan', 'physnet1', 101)] }, 409, 'VlanIdInUse'],
    ];
    it('refuses what cannot be, and changes nothing', async () => {
      const { database, changes, stack } = await setUp();
      await stack.createNetwork(provider('vlan', 'physnet1', 101));
      await stack.createNetwork(provider('geneve', undefined, 42));
      await stack.createNetwork(provider('flat', 'physnet1'));
      const before = await contents(database);
      changes.length = 0;
      for (const [attributes, status, type] of impossible) {
        await assert.rejects(
          stack.createNetwork(attributes),
          refused(status, type),
          JSON.stringify(attributes),
        );
      }
      assert.deepEqual(await contents(database), before);
      assert.deepEqual(changes, []);
    });

    it('lets parallel requests exhaust a range exactly', async () => {
      const { database, stack } = await setUp({ geneveVniRanges: ['1:12'] });
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => stack.createNetwork({})));
      const made = results.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      const failures = results.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
      assert.deepEqual(
        made.map((network) => network['provider:segmentation_id'] ?? 0).toSorted((a, b) => a - b),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
      );
      assert.equal(failures.length, 8);
      for (const failure of failures) refused(503, 'NoNetworkAvailable')(failure);
      const rows = await database.read(({ query }) => query.selectFrom('networks').select('id').execute());
      assert.equal(rows.length, 12);
    });
  });

  describe('update', () => {
    it('changes what is named, once, and tells the drivers', async () => {
      const { database, changes, stack } = await setUp();
      const original = await stack.createNetwork({ name: 'a' });
      changes.length = 0;
      const current = await stack.updateNetwork(original, {
        name: 'b',
        description: 'c',
        admin_state_up: false,
        port_security_enabled: false,
        mtu: 1300,
      });
      assert.deepEqual(current, {
        ...original,
        name: 'b',
        description: 'c',
        admin_state_up: false,
        port_security_enabled: false,
        mtu: 1300,
        revision_number: 2,
        updated_at: current.updated_at,
      });
      assert.deepEqual(await show(database, stack, original.id), current);
      assert.deepEqual(changes, [{ kind: 'network', action: 'update', id: original.id, original, current }]);
      assert.equal((await stack.updateNetwork(current, { mtu: 0 })).mtu, 1442);
    });

    it('that changes nothing leaves the revision and the drivers alone', async () => {
      const { changes, stack } = await setUp();
      const original = await stack.createNetwork({ name: 'a' });
      changes.length = 0;
      const same = await stack.updateNetwork(original, {
        name: 'a',
        mtu: 1442,
        shared: false,
        'provider:network_type': 'geneve',
      });
      assert.deepEqual(same, original);
      assert.deepEqual(changes, []);
    });

    it('moves a VLAN network to another id and frees the old one', async () => {
      const { stack } = await setUp();
      const vlan = await stack.createNetwork(provider('vlan', 'physnet1', 150));
      const moved = await stack.updateNetwork(vlan, { 'provider:segmentation_id': 151 });
      assert.equal(moved['provider:segmentation_id'], 151);
      assert.equal(moved.revision_number, 2);
      await stack.createNetwork(provider('vlan', 'physnet1', 150));
      await assert.rejects(
        stack.updateNetwork(moved, { 'provider:segmentation_id': 150 }),
        refused(409, 'VlanIdInUse'),
      );
      await assert.rejects(
        stack.updateNetwork(moved, { 'provider:segmentation_id': 5000 }),
        refused(400, 'InvalidInput', /out of range/),
      );
    });

    it('moves bound ports only where their driver follows', async () => {
      const { database, stack } = await setUp();
      const vlan = await stack.createNetwork(provider('vlan', 'physnet1', 150));
      await addPort(database, vlan, '00000000-0000-0000-0000-0000000000aa', 'p1', 'compute:nova');
      await database.transaction(({ query }) =>
        query
          .insertInto('port_bindings')
          .values({
            port_id: '00000000-0000-0000-0000-0000000000aa',
            host: 'h1',
            status: 'ACTIVE',
            vnic_type: 'normal',
            profile: '{}',
            vif_type: 'ovs',
            vif_details: '{}',
          })
          .execute(),
      );
      await assert.rejects(
        stack.updateNetwork(vlan, { 'provider:segmentation_id': 151 }),
        refused(400, 'InvalidInput', /cannot be updated if any port/),
      );
      const following = createMl2Stack(database, {
        mechanismDrivers: [
          { name: 'ovs', movableVifTypes: ['ovs'], [Symbol.asyncDispose]: () => Promise.resolve() },
        ],
      });
      const moved = await following.updateNetwork(vlan, { 'provider:segmentation_id': 151 });
      assert.equal(moved['provider:segmentation_id'], 151);
    });

    it('refuses other changes of segments', async () => {
      const { stack } = await setUp();
      const tunnel = await stack.createNetwork({});
      const several = await stack.createNetwork({
        segments: [provider('vlan', 'physnet1', 160), provider('geneve')],
      });
      for (const [target, attributes, message] of [
        [tunnel, provider('vlan'), /does not support updating/],
        [tunnel, { 'provider:physical_network': 'physnet1' }, /does not support updating/],
        [tunnel, { 'provider:segmentation_id': 900 }, /Only VLAN type networks can be updated/],
        [tunnel, { segments: [provider('geneve')] }, /does not support updating.*segments/],
        [several, { 'provider:segmentation_id': 161 }, /single segment/],
      ] as const) {
        await assert.rejects(stack.updateNetwork(target, attributes), refused(400, 'InvalidInput', message));
      }
    });

    it('shares and stops sharing', async () => {
      const { database, stack } = await setUp();
      const own = await stack.createNetwork({ shared: true });
      assert.equal(own.shared, true);
      const closed = await stack.updateNetwork(own, { shared: false });
      assert.equal(closed.shared, false);
      const shared = await stack.updateNetwork(closed, { shared: true });
      await addPort(database, own, '00000000-0000-0000-0000-000000000001', 'p1', '');
      await addPort(database, own, '00000000-0000-0000-0000-000000000002', 'p2', 'network:dhcp');
      await stack.updateNetwork(shared, { shared: false });
      const again = await stack.updateNetwork(closed, { shared: true });
      await addPort(database, own, '00000000-0000-0000-0000-000000000003', 'p2', 'compute:nova');
      await assert.rejects(
        stack.updateNetwork(again, { shared: false }),
        refused(409, 'InvalidSharedSetting', /Multiple projects/),
      );
      assert.equal((await show(database, stack, own.id))?.shared, true);
    });

    it('becomes external and, without gateways, internal again', async () => {
      const { database, stack } = await setUp();
      const internal = await stack.createNetwork({});
      const external = await stack.updateNetwork(internal, { 'router:external': true });
      assert.equal(external['router:external'], true);
      await addPort(database, internal, '00000000-0000-0000-0000-000000000004', '', 'network:router_gateway');
      await assert.rejects(
        stack.updateNetwork(external, { 'router:external': false }),
        refused(409, 'ExternalNetworkInUse'),
      );
      await database.transaction(({ query }) => query.deleteFrom('ports').execute());
      const back = await stack.updateNetwork(external, { 'router:external': false });
      assert.equal(back['router:external'], false);
      const entries = await database.read(({ query }) =>
        query.selectFrom('rbac_entries').selectAll().execute(),
      );
      assert.deepEqual(entries, []);
    });

    it('keeps the MTU that subnets need', async () => {
      const { database, stack } = await setUp();
      const network = await stack.createNetwork({});
      await addSubnet(database, network, '00000000-0000-0000-0000-000000000010', 4);
      await assert.rejects(
        stack.updateNetwork(network, { mtu: 67 }),
        refused(409, 'NetworkMTUSubnetConflict'),
      );
      assert.equal((await stack.updateNetwork(network, { mtu: 68 })).mtu, 68);
      await addSubnet(database, network, '00000000-0000-0000-0000-000000000011', 6);
      await assert.rejects(
        stack.updateNetwork(network, { mtu: 1279 }),
        refused(409, 'NetworkMTUSubnetConflict'),
      );
      assert.equal((await stack.updateNetwork(network, { mtu: 1280 })).mtu, 1280);
    });
  });

  describe('delete', () => {
    it('takes subnets, service ports, segments, access and tags along', async () => {
      const { database, changes, stack } = await setUp();
      const empty = await contents(database);
      const created = await stack.createNetwork({ ...provider('vlan', 'physnet1', 170), shared: true });
      const port = '00000000-0000-0000-0000-000000000021';
      const subnet = '00000000-0000-0000-0000-000000000020';
      await addSubnet(database, created, subnet, 4);
      await addPort(database, created, port, 'p1', 'network:distributed');
      await database.transaction(({ query }) =>
        query
          .insertInto('tags')
          .values([created.id, port, subnet].map((object_id) => ({ object_id, tag: 't' })))
          .execute(),
      );
      const network = await show(database, stack, created.id);
      assert.ok(network);
      changes.length = 0;
      await stack.deleteNetwork(network);
      assert.deepEqual(await contents(database), empty);
      assert.deepEqual(
        changes.map(({ kind, action, id }) => [kind, action, id]),
        [
          ['port', 'delete', port],
          ['subnet', 'delete', subnet],
          ['network', 'delete', created.id],
        ],
      );
      await stack.createNetwork(provider('vlan', 'physnet1', 170));
    });

    it('is refused while other ports hang on it', async () => {
      const { database, stack } = await setUp();
      const network = await stack.createNetwork({});
      await addPort(database, network, '00000000-0000-0000-0000-000000000022', 'p1', 'network:dhcp');
      await addPort(database, network, '00000000-0000-0000-0000-000000000023', 'p1', '');
      const before = await contents(database);
      await assert.rejects(stack.deleteNetwork(network), refused(409, 'NetworkInUse'));
      assert.deepEqual(await contents(database), before);
    });
  });
});
