import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const shows = (stack: OvnStack, port: string, attribute: string, value: unknown) => async () => {
  const { body } = await stack.ask('GET', `ports/${port}`);
  assert.deepEqual(body.port[attribute], value);
};

forEachDialect('Ports on chassis', (databases) => {
  it('are ACTIVE while a chassis carries them, also when nobody saw it happen', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const chassis = await addChassis(controller, { name: 'ch-1', hostname: 'host-1' });
    const network = await stack.make('networks', { network: {} });
    await stack.make('subnets', { subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 } });
    const bound = () =>
      stack.make('ports', { port: { network_id: network.id, 'binding:host_id': 'host-1' } });
    // The driver hears of a chassis a moment after it is there.
    await eventually(async () => assert.equal((await bound())['binding:vif_type'], 'ovs'));
    const port = await bound();
    assert.equal(port['binding:vif_details'].connectivity, 'l2');
    assert.equal(port['binding:vif_details'].bridge_name, 'br-int');
    assert.equal(port.status, 'DOWN');
    const claim = (up: boolean) =>
      controller.transact([
        controller.operations.update('Port_Binding', [['logical_port', '==', port.id]], {
          chassis: up ? chassis : undefined,
          up,
        }),
      ]);
    await eventually(async () =>
      assert.equal(controller.replica.Port_Binding.find('port', port.id).length, 1),
    );
    await claim(true);
    await eventually(shows(stack, port.id, 'status', 'ACTIVE'));
    await eventually(async () => {
      const row = (await stack.see()).Logical_Switch_Port.get(port.id);
      assert.equal(row?.external_ids.get('neutron:host_id'), 'host-1');
      assert.equal(row?.options.get('requested-chassis'), 'host-1');
    });
    await stack.ask('PUT', `ports/${port.id}`, { port: { admin_state_up: false } });
    await eventually(shows(stack, port.id, 'status', 'DOWN'));
    await stack.ask('PUT', `ports/${port.id}`, { port: { admin_state_up: true } });
    await eventually(shows(stack, port.id, 'status', 'ACTIVE'));

    // Where it is to be now nobody carries it, whoever looks, though its chassis has yet to let go.
    await stack.ask('PUT', `ports/${port.id}`, { port: { 'binding:host_id': 'host-2' } });
    for (const end = performance.now() + 3_500; performance.now() < end; await sleep(100))
      await shows(stack, port.id, 'status', 'DOWN')();
    await stack.ask('PUT', `ports/${port.id}`, { port: { 'binding:host_id': 'host-1' } });
    await eventually(shows(stack, port.id, 'status', 'ACTIVE'));
    // northd is late to say that the port was let go.
    await northd[Symbol.asyncDispose]();
    await claim(false);
    await stack.ask('PUT', `ports/${port.id}`, { port: { 'binding:host_id': 'host-2' } });
    await stack.ask('PUT', `ports/${port.id}`, { port: { 'binding:host_id': 'host-1' } });
    for (const end = performance.now() + 2_200; performance.now() < end; await sleep(100))
      await shows(stack, port.id, 'status', 'DOWN')();
    await claim(true);
    await eventually(shows(stack, port.id, 'status', 'ACTIVE'));
    await using _again = await startNorthd(stack.servers);

    // What a process wrote that died before it looked at OVN again.
    await stack.app.database.transaction(({ query }) =>
      query.updateTable('ports').set({ status: 'DOWN' }).where('id', '=', port.id).execute(),
    );
    const wrong = performance.now();
    await eventually(shows(stack, port.id, 'status', 'ACTIVE'));
    assert.ok(performance.now() - wrong < 5_000);

    // The chassis lets go while the service cannot see it.
    await stack.servers.northbound.kill();
    await claim(false);
    await stack.servers.northbound.restart();
    await eventually(shows(stack, port.id, 'status', 'DOWN'));
    await eventually(async () => assert.deepEqual(await stack.drift(), []));
    const row = (await stack.see()).Logical_Switch_Port.get(port.id);
    assert.equal(row?.external_ids.has('neutron:host_id'), false);
  });

  it('bind only where a controller lives and maps the physical network', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'ch-1', hostname: 'host-1' });
    await addChassis(controller, {
      name: 'ch-2',
      hostname: 'host-2',
      config: { 'ovn-bridge-mappings': 'physnet1:br-ex', 'iface-types': 'geneve,dpdkvhostuser' },
    });
    const network = await stack.make('networks', {
      network: { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet1' },
    });
    const vif = async (host: string, more: object = {}) =>
      (await stack.make('ports', { port: { network_id: network.id, 'binding:host_id': host, ...more } }))[
        'binding:vif_type'
      ];
    await eventually(async () => assert.equal(await vif('host-2'), 'vhostuser'));
    assert.equal(await vif('host-1'), 'binding_failed');
    assert.equal(await vif('nowhere'), 'binding_failed');
    assert.equal(await vif('host-2', { 'binding:vnic_type': 'direct' }), 'binding_failed');
    assert.deepEqual(await stack.drift(), []);
  });

  it('have their addresses in the sets that rules of remote groups use', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const network = await stack.make('networks', { network: {} });
    await stack.make('subnets', { subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 } });
    const group = await stack.make('security-groups', { security_group: { name: 'g' } });
    const port = await stack.make('ports', { port: { network_id: network.id, security_groups: [group.id] } });
    await eventually(async () => {
      const [set] = controller.replica.Address_Set.find('name', `pg_${group.id.replaceAll('-', '_')}_ip4`);
      assert.deepEqual([...(set?.addresses ?? [])], [port.fixed_ips[0].ip_address]);
    });
  });

  it('show their hosts as agents', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, {
      name: 'ch-1',
      hostname: 'host-1',
      config: {
        'ovn-cms-options': 'enable-chassis-as-gw,availability-zones=east:west',
        'ovn-bridge-mappings': 'p:b',
      },
    });
    await eventually(async () => {
      const { body } = await stack.ask('GET', 'agents');
      assert.equal(body.agents.length, 1);
    });
    const [agent] = (await stack.ask('GET', 'agents')).body.agents;
    assert.equal(agent.id, 'ch-1');
    assert.equal(agent.agent_type, 'OVN Controller Gateway agent');
    assert.equal(agent.host, 'host-1');
    assert.equal(agent.alive, true);
    assert.equal(agent.availability_zone, 'east, west');
    assert.deepEqual(agent.configurations, {
      chassis_name: 'ch-1',
      'bridge-mappings': 'p:b',
      state: 'caught up',
      lag: 0,
    });
    const zones = (await stack.ask('GET', 'availability_zones')).body.availability_zones;
    assert.deepEqual(
      zones.map((zone: { name: string; resource: string }) => `${zone.name} ${zone.resource}`).sort(),
      ['east network', 'east router', 'west network', 'west router'],
    );
    const described = await stack.ask('PUT', 'agents/ch-1', { agent: { description: 'rack 7' } });
    assert.equal(described.body.agent.description, 'rack 7');
    await eventually(async () =>
      assert.equal((await stack.ask('GET', 'agents/ch-1')).body.agent.description, 'rack 7'),
    );
    assert.equal((await stack.ask('PUT', 'agents/ch-1', { agent: { admin_state_up: false } })).status, 400);
    assert.equal((await stack.ask('DELETE', 'agents/ch-1')).status, 204);
    await eventually(async () => assert.equal((await stack.ask('GET', 'agents/ch-1')).status, 404));
    await eventually(async () => assert.equal(controller.replica.Chassis.size, 0));
  });
});
