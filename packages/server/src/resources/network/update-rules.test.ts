import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Network } from '@ovenbird/api';
import { forEachDialect } from '../../testing/databases.ts';
import {
  addPort,
  addSubnet,
  contents,
  provider,
  refused,
  setUpNetworks,
} from '../../testing/network-fixture.ts';

const PORT = '00000000-0000-0000-0000-0000000000aa';
const SUBNETS = ['00000000-0000-0000-0000-000000000010', '00000000-0000-0000-0000-000000000011'] as const;

forEachDialect('what an update of a network may say', (databases) => {
  it('the same again, one thing at a time, and nothing moves', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
    const segments = [provider('vlan', 'physnet1', 160), provider('geneve', undefined, 7)];
    const single = await stack.createNetwork({
      name: 'n',
      description: 'd',
      dns_domain: 'here.',
      ...provider('vlan', 'physnet1', 150),
    });
    const several = await stack.createNetwork({ segments });
    const before = await contents(database);
    changes.length = 0;
    const same: readonly (readonly [Network, object])[] = [
      ...Object.entries(single)
        .filter(([name]) =>
          ['name', 'description', 'dns_domain', 'admin_state_up', 'mtu', 'shared', 'is_default'].includes(
            name,
          ),
        )
        .map(([name, value]) => [single, { [name]: value }] as const),
      [single, { 'router:external': false }],
      [single, { port_security_enabled: true }],
      [single, provider('vlan', 'physnet1', 150)],
      [single, { segments: [] }],
      [several, { segments }],
      [several, { segments: several.segments }],
      [single, {}],
    ];
    for (const [network, attributes] of same)
      assert.equal(await stack.updateNetwork(network, attributes), network, JSON.stringify(attributes));
    assert.deepEqual(await contents(database), before);
    assert.deepEqual(changes, []);
  });

  it('something else, one thing at a time, and nothing else moves', async () => {
    const { stack } = await setUpNetworks(databases);
    let network = await stack.createNetwork({ name: 'n' });
    for (const attributes of [
      { name: 'm' },
      { description: 'd' },
      { dns_domain: 'there.' },
      { admin_state_up: false },
      { mtu: 1400 },
      { shared: true },
      { 'router:external': true },
      { is_default: true },
      { port_security_enabled: false },
    ]) {
      const changed = await stack.updateNetwork(network, attributes);
      const { updated_at, revision_number } = changed;
      assert.deepEqual(changed, { ...network, ...attributes, updated_at, revision_number });
      assert.equal(revision_number, network.revision_number + 1);
      network = changed;
    }
  });

  it('one external network is the default, as long as it is external', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const first = await stack.createNetwork({ 'router:external': true, is_default: true });
    assert.equal(first.is_default, true);
    const taken = refused(409, 'DefaultExternalNetworkExists', new RegExp(first.id));
    const before = await contents(database);
    await assert.rejects(stack.createNetwork({ 'router:external': true, is_default: true }), taken);
    assert.deepEqual(await contents(database), before);
    const internal = await stack.createNetwork({ is_default: true });
    assert.equal(internal.is_default, false);
    const second = await stack.createNetwork({ 'router:external': true });
    await assert.rejects(stack.updateNetwork(second, { is_default: true }), taken);
    assert.equal((await stack.updateNetwork(first, { is_default: true, name: 'x' })).is_default, true);
    const closed = await stack.updateNetwork(first, { 'router:external': false });
    assert.deepEqual([closed['router:external'], closed.is_default], [false, false]);
    assert.equal((await stack.updateNetwork(second, { is_default: true })).is_default, true);
    const both = await stack.updateNetwork(internal, { is_default: true });
    assert.deepEqual([both, both.is_default], [internal, false]);
  });

  it('less than two defaults, should there be two', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const [one, two] = [
      await stack.createNetwork({ 'router:external': true }),
      await stack.createNetwork({ 'router:external': true }),
    ];
    for (const network of [one, two]) {
      await database.transaction(({ query }) =>
        query.updateTable('networks').set({ is_default: 1 }).execute(),
      );
      const current = { ...network, is_default: true };
      assert.equal((await stack.updateNetwork(current, { is_default: false })).is_default, false);
    }
    const same = await stack.updateNetwork({ ...one, is_default: true }, { is_default: true });
    assert.equal(same.is_default, true);
  });

  it('no id of a segment that is not there', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const network = await stack.createNetwork(provider('vlan', 'physnet1', 150));
    await database.transaction(({ query }) => query.deleteFrom('network_segments').execute());
    await assert.rejects(
      stack.updateNetwork(network, { 'provider:segmentation_id': 151 }),
      refused(
        400,
        'InvalidInput',
        /: Provider network attributes can be updated only .* a single segment\.$/,
      ),
    );
  });

  it('no MTU that a subnet cannot live with, and it says which', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const network = await stack.createNetwork({});
    const refusedAt = (mtu: number) =>
      refused(409, 'NetworkMTUSubnetConflict', new RegExp(`${network.id}.*\\b${mtu}\\b`));
    assert.equal((await stack.updateNetwork(network, { mtu: 67 })).mtu, 67);
    await addSubnet(database, network, SUBNETS[0], 4);
    await assert.rejects(stack.updateNetwork(network, { mtu: 66 }), refusedAt(68));
    await addSubnet(database, network, SUBNETS[1], 6);
    await assert.rejects(stack.updateNetwork(network, { mtu: 1279 }), refusedAt(1280));
  });

  it('no other VLAN under bound ports, and it says which would follow', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const network = await stack.createNetwork(provider('vlan', 'physnet1', 150));
    await addPort(database, network, PORT, 'p1', '');
    const binding = { port_id: PORT, host: 'h', status: 'ACTIVE', vnic_type: 'normal', profile: '{}' };
    const bind = (vif_type: string) =>
      database.transaction(async ({ query }) => {
        await query.deleteFrom('port_bindings').execute();
        await query
          .insertInto('port_bindings')
          .values({ ...binding, vif_type, vif_details: '{}' })
          .execute();
      });
    const move = { 'provider:segmentation_id': 151 };
    await bind('ovs');
    await assert.rejects(
      stack.updateNetwork(network, move),
      refused(
        400,
        'InvalidInput',
        /: Provider network attribute provider:segmentation_id cannot be updated if any port in the network has not the following binding:vif_type: unbound, binding_failed\.$/,
      ),
    );
    for (const [index, free] of ['unbound', 'binding_failed'].entries()) {
      await bind(free);
      const moved = await stack.updateNetwork(network, { 'provider:segmentation_id': 160 + index });
      assert.equal(moved['provider:segmentation_id'], 160 + index);
    }
  });

  it('no other kind of segments, and it names all that would change', async () => {
    const { stack } = await setUpNetworks(databases);
    const tunnel = await stack.createNetwork(provider('geneve', undefined, 9));
    const segments = [provider('vlan', 'physnet1', 160), provider('geneve', undefined, 7)];
    const several = await stack.createNetwork({ segments });
    const [vlan, geneve] = segments;
    for (const other of [
      [vlan],
      [geneve, vlan],
      [provider('vlan', 'physnet1', 161), geneve],
      [provider('vlan', 'physnet2', 160), geneve],
      [vlan, provider('vxlan', undefined, 7)],
      [vlan, provider('geneve')],
    ])
      await assert.rejects(
        stack.updateNetwork(several, { segments: other }),
        refused(400, 'InvalidInput', /attributes: segments\.$/),
        JSON.stringify(other),
      );
    const attributes = { ...provider('vlan', 'physnet1'), name: 'x' };
    await assert.rejects(
      stack.updateNetwork(tunnel, attributes),
      refused(
        400,
        'InvalidInput',
        /: Plugin does not support updating the following provider network attributes: provider:network_type, provider:physical_network\.$/,
      ),
    );
  });
});
