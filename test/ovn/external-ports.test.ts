import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const MAPPED = { 'ovn-bridge-mappings': 'physnet1:br-ex' };
const gateway = { ...MAPPED, 'ovn-cms-options': 'enable-chassis-as-gw' };
const forPorts = { ...MAPPED, 'ovn-cms-options': 'enable-chassis-as-extport-host' };

const provider = async (stack: OvnStack, id: number, more: object = {}) => {
  const network = await stack.make('networks', {
    network: {
      'provider:network_type': 'vlan',
      'provider:physical_network': 'physnet1',
      'provider:segmentation_id': id,
      ...more,
    },
  });
  const body = { network_id: network.id, cidr: `10.0.${id - 100}.0/24`, ip_version: 4 };
  const subnet = await stack.make('subnets', { subnet: body });
  return { id: String(network.id), subnet: String(subnet.id) };
};

const direct = async (stack: OvnStack, network_id: string, more: object = {}): Promise<string> =>
  (await stack.make('ports', { port: { network_id, 'binding:vnic_type': 'direct', ...more } })).id;

interface Group {
  readonly name: string;
  readonly chassis: readonly (readonly [string, number])[];
  readonly router: string | undefined;
}

/** The group of chassis that answers for a port, as OVN has it. */
const groupOf = async (stack: OvnStack, port: string): Promise<Group | undefined> => {
  const nb = await stack.see();
  const row = nb.HA_Chassis_Group.get(nb.Logical_Switch_Port.get(port)?.ha_chassis_group ?? '');
  if (row === undefined) return undefined;
  const chassis = [...row.ha_chassis].flatMap((id) => nb.HA_Chassis.get(id) ?? []);
  return {
    name: row.name,
    chassis: chassis
      .sort((a, b) => b.priority - a.priority)
      .map((one) => [one.chassis_name, one.priority] as const),
    router: row.external_ids.get('neutron:router_id'),
  };
};

const becomes = (stack: OvnStack, port: string, wanted: Group | undefined) =>
  eventually(async () => assert.deepEqual(await groupOf(stack, port), wanted));

forEachDialect('External ports', (databases) => {
  it('are answered for by gateways, and by those of the router that leads out', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'gw-1', hostname: 'gw-1', config: gateway });
    await addChassis(controller, { name: 'plain', hostname: 'plain', config: MAPPED });
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 2));
    const inner = await provider(stack, 100);
    const port = await direct(stack, inner.id);
    const normal = (await stack.make('ports', { port: { network_id: inner.id } })).id;
    const name = `neutron-${inner.id}`;
    assert.deepEqual(await groupOf(stack, port), { name, chassis: [['gw-1', 32_767]], router: undefined });
    assert.equal(await groupOf(stack, normal), undefined);

    const outer = await provider(stack, 101, { 'router:external': true });
    const router = await stack.make('routers', {
      router: { external_gateway_info: { network_id: outer.id } },
    });
    await stack.ask('PUT', `routers/${router.id}/add_router_interface`, { subnet_id: inner.subnet });
    assert.deepEqual(await groupOf(stack, port), { name, chassis: [['gw-1', 1]], router: router.id });
    await addChassis(controller, { name: 'gw-2', hostname: 'gw-2', config: gateway });
    const both = { name, chassis: [['gw-1', 2] as const, ['gw-2', 1] as const], router: router.id };
    await becomes(stack, port, both);
    assert.deepEqual(await stack.drift(), []);

    await stack.ask('PUT', `routers/${router.id}`, { router: { external_gateway_info: null } });
    const alone = [['gw-1', 32_767] as const, ['gw-2', 32_766] as const];
    assert.deepEqual(await groupOf(stack, port), { name, chassis: alone, router: undefined });

    await stack.ask('DELETE', `ports/${port}`);
    assert.equal((await stack.see()).HA_Chassis_Group.find('name', name).length, 0);
    assert.deepEqual(await stack.drift(), []);
  });

  it('are answered for by chassis that are declared for it, but not by their own host', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'gw-1', hostname: 'gw-1', config: gateway });
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 1));
    const network = await provider(stack, 100);
    const port = await direct(stack, network.id);
    const other = await direct(stack, network.id, { 'binding:host_id': 'host-b' });
    await addChassis(controller, { name: 'a', hostname: 'host-a', config: forPorts });
    const group = (id: string, chassis: Group['chassis']) => ({
      name: `neutron-extport-${id}`,
      chassis,
      router: undefined,
    });
    await becomes(stack, port, group(port, [['a', 32_767]]));
    await addChassis(controller, { name: 'b', hostname: 'host-b', config: forPorts });
    await becomes(
      stack,
      port,
      group(port, [
        ['a', 32_767],
        ['b', 32_766],
      ]),
    );
    await becomes(stack, other, group(other, [['a', 32_767]]));
    await stack.ask('PUT', `ports/${port}`, { port: { 'binding:host_id': 'host-a' } });
    await becomes(stack, port, group(port, [['b', 32_767]]));
    assert.deepEqual(await stack.drift(), []);

    await stack.ask('PUT', `ports/${other}`, {
      port: { 'binding:host_id': '', 'binding:profile': { capabilities: ['switchdev'] } },
    });
    await becomes(stack, other, undefined);
    await stack.ask('DELETE', `networks/${network.id}`);
    await stack.ask('DELETE', `ports/${port}`);
    await stack.ask('DELETE', `ports/${other}`);
    assert.equal((await stack.see()).HA_Chassis_Group.size, 0);
    assert.deepEqual(await stack.drift(), []);
  });

  it('leave chassis that go and chassis that reach their network no more, and stay with the others', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    const names = ['gw-1', 'gw-2', 'gw-3'];
    for (const name of names) await addChassis(controller, { name, hostname: name, config: gateway });
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, names.length));
    const network = await provider(stack, 100);
    const port = await direct(stack, network.id);
    const placed = (await groupOf(stack, port))?.chassis.map(([name]) => name) ?? [];
    assert.deepEqual(placed.toSorted(), names);
    const [first = '', second = '', third = ''] = placed;
    const name = `neutron-${network.id}`;
    const group = (...chassis: Group['chassis']) => ({ name, chassis, router: undefined });
    const { operations } = controller;
    await controller.transact([operations.delete('Chassis', [['name', '==', first]])]);
    await becomes(stack, port, group([second, 32_767], [third, 32_766]));
    const elsewhere = {
      other_config: new Map(Object.entries({ ...gateway, 'ovn-bridge-mappings': 'other:br-ex' })),
    };
    await controller.transact([operations.update('Chassis', [['name', '==', second]], elsewhere)]);
    await becomes(stack, port, group([third, 32_767]));
    assert.deepEqual(await stack.drift(), []);
  });
});
