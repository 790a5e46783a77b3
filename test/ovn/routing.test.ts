import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

/** Records of the file of the Northbound database: the schema, and one for each transaction that changed anything. */
async function transactions(stack: OvnStack): Promise<number> {
  const socket = stack.servers.northbound.endpoint.replace(/^unix:/, '');
  const log = await readFile(join(dirname(socket), 'database.db'), 'utf8');
  return log.match(/^OVSDB JSON /gm)?.length ?? 0;
}

async function network(stack: OvnStack, cidr: string, more: object = {}) {
  const { id } = await stack.make('networks', { network: more });
  const allocation_pools = [{ start: cidr.replace('.0/24', '.2'), end: cidr.replace('.0/24', '.99') }];
  const given = { network_id: id, ip_version: 4, cidr, allocation_pools };
  const subnet = await stack.make('subnets', { subnet: given });
  return { id: String(id), subnet: String(subnet.id) };
}

const change = async (stack: OvnStack, path: string, body: object) => {
  const answer = await stack.ask('PUT', path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
};

/** A machine behind a router of its own. */
async function machineBehind(stack: OvnStack, outside: string, cidr: string) {
  const inside = await network(stack, cidr);
  const router = await stack.make('routers', { router: { external_gateway_info: { network_id: outside } } });
  await change(stack, `routers/${router.id}/add_router_interface`, { subnet_id: inside.subnet });
  const port = await stack.make('ports', { port: { network_id: inside.id } });
  return { router: String(router.id), port: String(port.id), inside };
}

const external = {
  'router:external': true,
  'provider:network_type': 'vlan',
  'provider:physical_network': 'physnet1',
};

forEachDialect('routing in the Northbound database', (databases) => {
  it('changes a floating IP in one transaction, also from router to router', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const outside = await network(stack, '192.0.2.0/24', external);
    const [one, other] = [
      await machineBehind(stack, outside.id, '10.0.1.0/24'),
      await machineBehind(stack, outside.id, '10.0.2.0/24'),
    ];
    const { id } = await stack.make('floatingips', { floatingip: { floating_network_id: outside.id } });
    const lead = async (port_id: string | null) => {
      const before = await transactions(stack);
      await change(stack, `floatingips/${id}`, { floatingip: { port_id } });
      const nb = await stack.see();
      assert.equal(await transactions(stack), before + 1);
      assert.deepEqual(await stack.drift(), []);
      const holders = [one, other].filter(({ router }) => nb.Logical_Router.get(router)?.nat.has(id));
      const told = [one, other].filter(({ port }) =>
        nb.Logical_Switch_Port.get(port)?.external_ids.has('neutron:port_fip'),
      );
      assert.deepEqual(told, holders);
      return { port: nb.NAT.get(id)?.logical_port, routers: holders.map(({ router }) => router) };
    };
    assert.deepEqual(await lead(one.port), { port: one.port, routers: [one.router] });
    assert.deepEqual(await lead(other.port), { port: other.port, routers: [other.router] });
    assert.deepEqual(await lead(null), { port: undefined, routers: [] });
  });

  it('follows interfaces with the ports that are forwarded', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const outside = await network(stack, '192.0.2.0/24', external);
    const { router, port, inside } = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const more = await network(stack, '10.0.2.0/24');
    const { id } = await stack.make('floatingips', { floatingip: { floating_network_id: outside.id } });
    const shown = await stack.ask('GET', `ports/${port}`);
    const internal_ip_address = shown.body.port.fixed_ips[0].ip_address;
    const ports = { external_port_range: '2000:2002', internal_port_range: '3000:3002' };
    const path = `floatingips/${id}/port_forwardings`;
    const forwarding = await stack.make(path, {
      port_forwarding: { protocol: 'tcp', internal_port_id: port, internal_ip_address, ...ports },
    });
    const balanced = async () => {
      const nb = await stack.see();
      assert.deepEqual(await stack.drift(), []);
      assert.deepEqual(contentOf(nb), await stack.fresh());
      const [row, ...others] = nb.Load_Balancer.rows();
      assert.deepEqual(others, []);
      const held = [outside.id, inside.id, more.id].filter((network) =>
        nb.Logical_Switch.get(network)?.load_balancer.has(row?._uuid ?? ''),
      );
      return { held, vips: row?.vips.size };
    };
    assert.deepEqual(await balanced(), { held: [inside.id], vips: 3 });
    await change(stack, `routers/${router}/add_router_interface`, { subnet_id: more.subnet });
    assert.deepEqual(await balanced(), { held: [inside.id, more.id], vips: 3 });
    await change(stack, `routers/${router}/remove_router_interface`, { subnet_id: more.subnet });
    assert.deepEqual(await balanced(), { held: [inside.id], vips: 3 });
    assert.equal((await stack.ask('DELETE', `${path}/${forwarding.id}`)).status, 204);
    assert.deepEqual(await balanced(), { held: [], vips: undefined });
  });

  it('takes everything back', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const outside = await network(stack, '192.0.2.0/24', external);
    const inside = await network(stack, '10.0.1.0/24');
    const before = contentOf(await stack.see());
    const given = { external_gateway_info: { network_id: outside.id }, enable_default_route_bfd: true };
    const { id } = await stack.make('routers', { router: given });
    await change(stack, `routers/${id}/add_router_interface`, { subnet_id: inside.subnet });
    const routes = [{ destination: '10.9.0.0/16', nexthop: '10.0.1.77' }];
    await change(stack, `routers/${id}`, { router: { routes } });
    const nb = await stack.see();
    const sizes = [nb.Logical_Router_Port, nb.Logical_Router_Static_Route, nb.NAT, nb.BFD].map(
      ({ size }) => size,
    );
    assert.deepEqual(sizes, [2, 2, 1, 1]);
    await change(stack, `routers/${id}`, { router: { routes: [], external_gateway_info: null } });
    const less = await stack.see();
    assert.deepEqual([less.Logical_Router_Port.size, less.NAT.size, less.BFD.size], [1, 0, 0]);
    await change(stack, `routers/${id}/remove_router_interface`, { subnet_id: inside.subnet });
    assert.equal((await stack.ask('DELETE', `routers/${id}`)).status, 204);
    assert.deepEqual(contentOf(await stack.see()), before);
  });

  it('follows the networks and subnets around routers', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const outside = await network(stack, '192.0.2.0/24', { ...external, mtu: 1400 });
    const { router, inside } = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const told = async () => {
      const nb = await stack.see();
      assert.deepEqual(await stack.drift(), []);
      const ports = [...(nb.Logical_Router.get(router)?.ports ?? [])].map((uuid) =>
        nb.Logical_Router_Port.get(uuid),
      );
      const gateway = ports.find((port) => port?.external_ids.get('neutron:is_ext_gw') === 'True');
      const nexthops = [...nb.Logical_Router_Static_Route.rows()].map((row) => row.nexthop);
      return [gateway?.options.get('gateway_mtu'), ...nexthops];
    };
    assert.deepEqual(await told(), ['1400', '192.0.2.1']);
    await change(stack, `networks/${inside.id}`, { network: { mtu: 1300 } });
    assert.deepEqual(await told(), ['1300', '192.0.2.1']);
    await change(stack, `networks/${inside.id}`, { network: { mtu: 1420 } });
    await change(stack, `networks/${outside.id}`, { network: { mtu: 1350 } });
    assert.deepEqual(await told(), ['1350', '192.0.2.1']);
    await change(stack, `subnets/${outside.subnet}`, { subnet: { gateway_ip: '192.0.2.254' } });
    assert.deepEqual(await told(), ['1350', '192.0.2.254']);
    await change(stack, `subnets/${outside.subnet}`, { subnet: { gateway_ip: null } });
    assert.deepEqual(await told(), ['1350']);
  });

  it('lets the chassis of a machine answer for its floating IP while the machine is up', async () => {
    await using stack = await startOvnStack(await databases.freshUrl(), { distributedFloatingIp: true });
    const outside = await network(stack, '192.0.2.0/24', external);
    const { port, router } = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const floatingip = { floating_network_id: outside.id, port_id: port };
    const { id } = await stack.make('floatingips', { floatingip });
    const gateway = [...((await stack.see()).Logical_Router.get(router)?.ports ?? [])];
    assert.ok(gateway.includes((await stack.see()).NAT.get(id)?.gateway_port ?? ''));
    const { operations: ops } = stack.observer;
    const become = async (up: boolean) => {
      await stack.observer.transact([ops.update('Logical_Switch_Port', [['name', '==', port]], { up })]);
      await eventually(async () => {
        const answering = (await stack.see()).NAT.get(id)?.external_mac !== undefined;
        assert.equal(answering, up);
        assert.deepEqual(await stack.drift(), []);
      });
    };
    assert.equal((await stack.see()).NAT.get(id)?.external_mac, undefined);
    await become(true);
    await become(false);
  });

  it('lets the chassis of the gateway answer for the floating IP of a router, which is on no chassis', async () => {
    await using stack = await startOvnStack(await databases.freshUrl(), { distributedFloatingIp: true });
    const outside = await network(stack, '192.0.2.0/24', external);
    const { port } = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const floatingip = { floating_network_id: outside.id, port_id: port };
    const { id } = await stack.make('floatingips', { floatingip });
    const { operations: ops } = stack.observer;
    await stack.observer.transact([ops.update('Logical_Switch_Port', [['name', '==', port]], { up: true })]);
    const answering = async () => (await stack.see()).NAT.get(id)?.external_mac !== undefined;
    await eventually(async () => assert.equal(await answering(), true));
    const { id: further } = await stack.make('routers', { router: {} });
    await change(stack, `routers/${further}/add_router_interface`, { port_id: port });
    await eventually(async () => assert.equal(await answering(), false));
    const { body } = await stack.ask('GET', `ports/${port}`);
    assert.deepEqual([body.port.status, await stack.drift()], ['ACTIVE', []]);
  });

  it('has routers ask anew for addresses that moved', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    const { operations: ops } = controller;
    const learned = async () => {
      const [result] = await controller.transact([ops.select('MAC_Binding', [], ['ip'])]);
      return (result?.rows ?? []).map((row) => String(row.ip)).toSorted();
    };
    const outside = await network(stack, '192.0.2.0/24', external);
    const one = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const floatingip = { floating_network_id: outside.id, floating_ip_address: '192.0.2.50' };
    const { id } = await stack.make('floatingips', { floatingip });
    const { body } = await stack.ask('GET', `ports?device_id=${one.router}`);
    const inner = body.ports.find((port: { network_id: string }) => port.network_id === one.inside.id);
    const [datapath, logical_port] = [randomUUID(), 'lrp-elsewhere'];
    const entry = (ip: string, mac: string) =>
      ops.insert('MAC_Binding', randomUUID(), { logical_port, ip, mac, datapath });
    await controller.transact([
      ops.insert('Datapath_Binding', datapath, { tunnel_key: 7 }),
      entry('192.0.2.50', 'fa:16:3e:aa:aa:aa'),
      entry('192.0.2.51', 'fa:16:3e:aa:aa:ab'),
      entry('10.0.1.1', inner.mac_address),
    ]);
    await change(stack, `floatingips/${id}`, { floatingip: { description: 'told' } });
    assert.deepEqual(await learned(), ['10.0.1.1', '192.0.2.50', '192.0.2.51']);
    await change(stack, `floatingips/${id}`, { floatingip: { port_id: one.port } });
    await eventually(async () => assert.deepEqual(await learned(), ['10.0.1.1', '192.0.2.51']));
    await change(stack, `floatingips/${id}`, { floatingip: { port_id: null } });
    await change(stack, `routers/${one.router}/remove_router_interface`, { subnet_id: one.inside.subnet });
    await eventually(async () => assert.deepEqual(await learned(), ['192.0.2.51']));
  });

  it('is not misled by ports that claim to belong to rows of others', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const outside = await network(stack, '192.0.2.0/24', external);
    const { router, inside } = await machineBehind(stack, outside.id, '10.0.1.0/24');
    const { operations: ops } = stack.observer;
    const [theirs, nat] = [randomUUID(), randomUUID()];
    await stack.observer.transact([
      ops.insert('NAT', nat, { type: 'snat', external_ip: '192.0.2.9', logical_ip: '10.0.1.77' }),
      ops.insert('Logical_Router', theirs, { name: 'theirs' }),
      ops.mutate('Logical_Router', [['_uuid', '==', router]], [['nat', 'insert', new Set([nat])]]),
    ]);
    const before = contentOf(await stack.see());
    const rules = (await stack.see()).Logical_Router.get(router)?.nat ?? new Set<string>();
    assert.equal(rules.size, 2);
    const claims = [
      ...[...rules].map((device_id) => ({ device_id, device_owner: 'network:floatingip' })),
      { device_id: theirs, device_owner: 'network:router_interface' },
    ];
    for (const claim of claims) {
      const port = await stack.make('ports', { port: { network_id: inside.id, ...claim } });
      const change = { port: { name: 'renamed', device_id: '', device_owner: '' } };
      await stack.ask('PUT', `ports/${port.id}`, change);
      const { NAT, Logical_Router } = contentOf(await stack.see());
      assert.deepEqual({ NAT, Logical_Router }, { NAT: before.NAT, Logical_Router: before.Logical_Router });
    }
  });
});
