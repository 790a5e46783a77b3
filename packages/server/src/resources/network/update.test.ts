import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../testing/databases.ts';
import { createMl2Stack } from '../../testing/ml2-stack.ts';
import { addPort, addSubnet, provider, refused, setUpNetworks, show } from '../../testing/network-fixture.ts';

forEachDialect('update of networks', (databases) => {
  it('changes what is named, once, and tells the drivers', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
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
    const { changes, stack } = await setUpNetworks(databases);
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
    const { stack } = await setUpNetworks(databases);
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
    const { database, stack } = await setUpNetworks(databases);
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
    const { stack } = await setUpNetworks(databases);
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
    const { database, stack } = await setUpNetworks(databases);
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
    const { database, stack } = await setUpNetworks(databases);
    const internal = await stack.createNetwork({});
    const external = await stack.updateNetwork(internal, { 'router:external': true });
    assert.equal(external['router:external'], true);
    const opened = await database.read(({ query }) =>
      query.selectFrom('rbac_entries').select(['action', 'target_project', 'object_id']).execute(),
    );
    assert.deepEqual(
      opened.map((entry) => ({ ...entry })),
      [{ action: 'access_as_external', target_project: '*', object_id: internal.id }],
    );
    await addPort(database, internal, '00000000-0000-0000-0000-000000000004', '', 'network:router_gateway');
    await assert.rejects(
      stack.updateNetwork(external, { 'router:external': false }),
      refused(409, 'ExternalNetworkInUse', new RegExp(internal.id)),
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
    const { database, stack } = await setUpNetworks(databases);
    const network = await stack.createNetwork({});
    await addSubnet(database, network, '00000000-0000-0000-0000-000000000010', 4);
    await assert.rejects(stack.updateNetwork(network, { mtu: 67 }), refused(409, 'NetworkMTUSubnetConflict'));
    assert.equal((await stack.updateNetwork(network, { mtu: 68 })).mtu, 68);
    await addSubnet(database, network, '00000000-0000-0000-0000-000000000011', 6);
    await assert.rejects(
      stack.updateNetwork(network, { mtu: 1279 }),
      refused(409, 'NetworkMTUSubnetConflict'),
    );
    assert.equal((await stack.updateNetwork(network, { mtu: 1280 })).mtu, 1280);
  });
});
