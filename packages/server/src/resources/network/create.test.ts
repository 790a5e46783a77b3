import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../testing/databases.ts';
import { contents, provider, refused, setUpNetworks, show } from '../../testing/network-fixture.ts';

forEachDialect('create of networks', (databases) => {
  it('takes a project type, its MTU, and shows what is stored', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
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

  it('keeps what is said of ports, zones and quality of service', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const policy = '00000000-0000-0000-0000-000000000030';
    const about = { project_id: 'p1', name: '', description: '', created_at: '', updated_at: '' };
    await database.transaction(({ query }) =>
      query
        .insertInto('qos_policies')
        .values({ ...about, id: policy, is_default: 0, revision_number: 1 })
        .execute(),
    );
    const given = { port_security_enabled: false, availability_zone_hints: ['nova'], qos_policy_id: policy };
    const created = await stack.createNetwork(given);
    const { port_security_enabled, availability_zone_hints, qos_policy_id } = created;
    assert.deepEqual({ port_security_enabled, availability_zone_hints, qos_policy_id }, given);
    assert.deepEqual(await show(database, stack, created.id), created);
    await assert.rejects(
      stack.createNetwork({ availability_zone_hints: ['nova', 'nowhere'] }),
      refused(404, 'AvailabilityZoneNotFound', /\bnowhere\b/),
    );
  });

  it('makes none where none are asked for', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
    const before = await contents(database);
    assert.deepEqual(await stack.run(async (step) => stack.networks.create?.(step, [])), []);
    assert.deepEqual(await contents(database), before);
    assert.deepEqual(changes, []);
  });

  it('falls to the next type when the first has no space, and ends with 503', async () => {
    const { stack } = await setUpNetworks(databases, {
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
    const { database, stack } = await setUpNetworks(databases, {
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
    const { stack } = await setUpNetworks(databases);
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
    const { database, stack } = await setUpNetworks(databases);
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
    [{ ...provider('geneve'), segments: [provider('geneve')] }, 400, 'SegmentsSetInConjunctionWithProviders'],
    [{ segments: [provider('geneve'), provider('vlan', 'physnet1', 101)] }, 409, 'VlanIdInUse'],
  ];
  it('refuses what cannot be, and changes nothing', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
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
    const { database, stack } = await setUpNetworks(databases, { geneveVniRanges: ['1:12'] });
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
