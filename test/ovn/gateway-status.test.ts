import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const GATEWAY = { 'ovn-bridge-mappings': 'physnet1:br-ex', 'ovn-cms-options': 'enable-chassis-as-gw' };

const FLAT = { 'provider:network_type': 'flat', 'provider:physical_network': 'physnet1' };

/** A router on an external and an internal network; ids of its ports. */
const routed = async (stack: OvnStack, external: object = FLAT) => {
  const add = async (cidr: string, more: object) => {
    const network = await stack.make('networks', { network: more });
    return stack.make('subnets', { subnet: { network_id: network.id, cidr, ip_version: 4 } });
  };
  const outer = await add('192.0.2.0/24', { 'router:external': true, ...external });
  const inner = await add('10.0.0.0/24', {});
  const gateway = { external_gateway_info: { network_id: outer.network_id } };
  const router = await stack.make('routers', { router: gateway });
  const path = `routers/${router.id}/add_router_interface`;
  const added = (await stack.ask('PUT', path, { subnet_id: inner.id })).body;
  const owner = `device_id=${router.id}&device_owner=network:router_gateway`;
  const [port] = (await stack.ask('GET', `ports?${owner}`)).body.ports;
  return { gateway: String(port.id), revision: port.revision_number, inner: String(added.port_id) };
};

const shows = (stack: OvnStack, port: string, status: string, host: string) =>
  eventually(async () => {
    const { body } = await stack.ask('GET', `ports/${port}`);
    assert.deepEqual([body.port.status, body.port['binding:host_id']], [status, host]);
  });

forEachDialect('Ports of routers', (databases) => {
  it('are ACTIVE where OVN runs them, also when nobody saw it move', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const chassis = new Map<string, string>();
    for (const name of ['one', 'two'])
      chassis.set(name, await addChassis(controller, { name, hostname: `host-${name}`, config: GATEWAY }));
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 2));
    const { gateway, revision, inner } = await routed(stack);
    await shows(stack, inner, 'ACTIVE', '');
    await shows(stack, gateway, 'DOWN', '');

    const binding = `cr-lrp-${gateway}`;
    const claim = (name: string | undefined) =>
      controller.transact([
        controller.operations.update('Port_Binding', [['logical_port', '==', binding]], {
          chassis: name === undefined ? undefined : chassis.get(name),
        }),
      ]);
    await eventually(async () =>
      assert.equal(controller.replica.Port_Binding.find('port', binding).length, 1),
    );
    await claim('one');
    await shows(stack, gateway, 'ACTIVE', 'host-one');
    await claim('two');
    await shows(stack, gateway, 'ACTIVE', 'host-two');
    await claim(undefined);
    await shows(stack, gateway, 'DOWN', '');

    // What SQL says may be wrong in any way by the time the connection is back.
    await stack.app.database.transaction(async ({ query }) => {
      await query.updateTable('ports').set({ status: 'ACTIVE' }).where('id', '=', gateway).execute();
      await query.updateTable('port_bindings').set({ host: 'x' }).where('port_id', '=', gateway).execute();
    });
    await stack.servers.southbound.kill();
    await stack.servers.southbound.restart();
    await shows(stack, gateway, 'DOWN', '');
    await controller.ready();
    await claim('one');
    await shows(stack, gateway, 'ACTIVE', 'host-one');
    const { body } = await stack.ask('GET', `ports/${gateway}`);
    assert.equal(body.port.revision_number, revision);
    await eventually(async () => assert.deepEqual(await stack.drift(), []));
  });

  it('are ACTIVE where OVN runs their whole router, when its external network is tunnelled', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const chassis = await addChassis(controller, { name: 'one', hostname: 'host-one', config: GATEWAY });
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 1));
    const { gateway } = await routed(stack, { 'provider:network_type': 'geneve' });
    const binding = `lrp-${gateway}`;
    const row = () => controller.replica.Port_Binding.find('port', binding)[0];
    await eventually(async () => assert.equal(row()?.type, 'l3gateway'));
    await shows(stack, gateway, 'DOWN', '');
    await controller.transact([
      controller.operations.update('Port_Binding', [['logical_port', '==', binding]], { chassis }),
    ]);
    await shows(stack, gateway, 'ACTIVE', 'host-one');
  });
});
