import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, errorOf, type RoutingWorld } from '../testing/routing-world.ts';

forEachDialect('port forwardings', (databases) => {
  let world: RoutingWorld;
  let inside: { networkId: string; subnetId: string };
  let routerId: string;
  before(async () => {
    world = await createRoutingWorld(databases);
    inside = await world.inner(world.red, '10.1.0.0/24', {
      allocation_pools: [{ start: '10.1.0.2', end: '10.1.0.199' }],
    });
    const router = await world.make(world.red, 'routers', 'router', {
      external_gateway_info: { network_id: world.external.id },
    });
    routerId = router.id;
    await world.put(world.red, `routers/${routerId}/add_router_interface`, { subnet_id: inside.subnetId });
  });
  after(() => world[Symbol.asyncDispose]());

  const portOf = async (body: object = {}) => {
    const port = await world.make(world.red, 'ports', 'port', { network_id: inside.networkId, ...body });
    return { id: String(port.id), address: String(port.fixed_ips[0].ip_address) };
  };
  const fipOf = async (body: object = {}): Promise<string> =>
    (
      await world.make(world.red, 'floatingips', 'floatingip', {
        floating_network_id: world.external.id,
        ...body,
      })
    ).id;
  const bodyOf = (port: { id: string; address: string }, more: object) => ({
    protocol: 'tcp',
    internal_port_id: port.id,
    internal_ip_address: port.address,
    ...more,
  });
  const at = (fip: string, id = '') => `floatingips/${fip}/port_forwardings${id === '' ? '' : `/${id}`}`;
  const shown = async (fip: string) => (await world.get(world.red, `floatingips/${fip}`)).floatingip;

  test('a life, and how the floating IP shows it', async () => {
    const fip = await fipOf();
    const port = await portOf();
    const made = await world.make(
      world.red,
      at(fip),
      'port_forwarding',
      bodyOf(port, { external_port: 2222, internal_port: 22, description: 'ssh' }),
    );
    assert.deepEqual(made, {
      id: made.id,
      protocol: 'tcp',
      internal_port_id: port.id,
      internal_ip_address: port.address,
      internal_port: 22,
      external_port: 2222,
      external_port_range: '2222:2222',
      internal_port_range: '22:22',
      description: 'ssh',
    });
    const busy = await shown(fip);
    assert.deepEqual([busy.status, busy.router_id, busy.port_id], ['ACTIVE', routerId, null]);
    assert.deepEqual(busy.port_forwardings, [
      {
        id: made.id,
        protocol: 'tcp',
        internal_ip_address: port.address,
        internal_port_id: port.id,
        internal_port: 22,
        external_port: 2222,
      },
    ]);
    assert.deepEqual(await world.get(world.red, at(fip, made.id)), { port_forwarding: made });
    const { port_forwardings: found } = await world.get(
      world.red,
      `${at(fip)}?protocol=tcp&external_port=2222`,
    );
    assert.deepEqual(found, [made]);
    const { port_forwarding: changed } = await world.put(world.red, at(fip, made.id), {
      port_forwarding: { internal_port: 2022, description: '' },
    });
    assert.deepEqual([changed.internal_port, changed.external_port, changed.description], [2022, 2222, '']);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', `floatingips/${fip}`)), [
      409,
      'FipInUseByPortForwarding',
    ]);
    const taken = await world.red.ask('PUT', `floatingips/${fip}`, { floatingip: { port_id: port.id } });
    assert.deepEqual(errorOf(taken), [409, 'FipInUseByPortForwarding']);
    const detached = await world.red.ask('PUT', `routers/${routerId}/remove_router_interface`, {
      subnet_id: inside.subnetId,
    });
    assert.deepEqual(errorOf(detached), [409, 'RouterInterfaceInUseByFloatingIP']);
    assert.equal((await world.red.ask('DELETE', at(fip, made.id))).status, 204);
    const idle = await shown(fip);
    assert.deepEqual([idle.status, idle.router_id, idle.port_forwardings], ['DOWN', null, []]);
    assert.equal((await world.red.ask('GET', at(fip, made.id))).status, 404);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', at(fip, made.id))), [
      404,
      'PortForwardingNotFound',
    ]);
    assert.equal((await world.red.ask('DELETE', `floatingips/${fip}`)).status, 204);
  });

  test('ranges lead to as many ports, or to one', async () => {
    const fip = await fipOf();
    const port = await portOf();
    const range = await world.make(
      world.red,
      at(fip),
      'port_forwarding',
      bodyOf(port, { external_port_range: '8000:8010', internal_port_range: '80:90' }),
    );
    assert.deepEqual(
      [range.external_port, range.internal_port, range.external_port_range, range.internal_port_range],
      [undefined, undefined, '8000:8010', '80:90'],
    );
    const many = await world.make(
      world.red,
      at(fip),
      'port_forwarding',
      bodyOf(port, { protocol: 'UDP', external_port_range: '8000:8010', internal_port_range: '53' }),
    );
    assert.deepEqual([many.protocol, many.internal_port], ['udp', 53]);
    for (const more of [
      { external_port_range: '9000:9010', internal_port_range: '100:105' },
      { external_port: 9000, internal_port_range: '100:105' },
      { external_port_range: '8010:8020', internal_port_range: '200:210' },
      { external_port_range: '9000:9010', internal_port_range: '90:100' },
      { external_port: 8005, internal_port: 300 },
      { external_port: 9000, internal_port: 85 },
      { external_port: 9000, external_port_range: '9001:9001', internal_port: 300 },
      { external_port: 9000 },
      { internal_port: 9000 },
    ]) {
      const answer = await world.red.ask('POST', at(fip), { port_forwarding: bodyOf(port, more) });
      assert.deepEqual(errorOf(answer), [400, 'BadRequest'], JSON.stringify(more));
    }
    const clash = await world.red.ask('PUT', at(fip, many.id), { port_forwarding: { protocol: 'tcp' } });
    assert.deepEqual(errorOf(clash), [400, 'BadRequest']);
    assert.equal((await shown(fip)).port_forwardings.length, 2);
  });

  test('values and ports that cannot be', async () => {
    const fip = await fipOf();
    const port = await portOf();
    const lonely = await world.inner(world.red, '10.3.0.0/24');
    const unreachable = await portOf({ network_id: lonely.networkId });
    const associated = await portOf();
    await fipOf({ port_id: associated.id });
    const ports = { external_port: 1, internal_port: 1 };
    for (const [body, status, type] of [
      [bodyOf(port, { ...ports, external_port: 65_536 }), 400, 'HTTPBadRequest'],
      [bodyOf(port, { ...ports, internal_port: 0 }), 400, 'HTTPBadRequest'],
      [bodyOf(port, { ...ports, protocol: 'icmp' }), 400, 'HTTPBadRequest'],
      [bodyOf(port, { internal_port: 1, external_port_range: '9:8' }), 400, 'HTTPBadRequest'],
      [bodyOf(port, { internal_port: 1, external_port_range: '1:2:3' }), 400, 'HTTPBadRequest'],
      [bodyOf({ ...port, id: randomUUID() }, ports), 404, 'PortNotFound'],
      [bodyOf({ ...port, address: '10.1.0.250' }, ports), 400, 'BadRequest'],
      [bodyOf(unreachable, ports), 400, 'BadRequest'],
      [bodyOf(associated, ports), 409, 'PortHasBindingFloatingIP'],
      [{ ...ports, protocol: 'tcp' }, 400, 'HTTPBadRequest'],
    ] as const) {
      const answer = await world.red.ask('POST', at(fip), { port_forwarding: body });
      assert.deepEqual(errorOf(answer), [status, type], JSON.stringify(body));
    }
    const used = await fipOf({ port_id: (await portOf()).id });
    const answer = await world.red.ask('POST', at(used), { port_forwarding: bodyOf(port, ports) });
    assert.deepEqual(errorOf(answer), [409, 'FloatingIPPortAlreadyAssociated']);
    const service = await world.make(world.admin, 'ports', 'port', {
      network_id: inside.networkId,
      device_owner: 'network:dhcp',
    });
    const served = bodyOf({ id: service.id, address: service.fixed_ips[0].ip_address }, ports);
    const toService = await world.admin.ask('POST', at(fip), { port_forwarding: served });
    assert.deepEqual(errorOf(toService), [400, 'BadRequest']);
    const interfaces = await world.get(world.red, 'ports?device_owner=network:router_interface');
    const [leg] = interfaces.ports;
    const toLeg = bodyOf({ id: leg.id, address: leg.fixed_ips[0].ip_address }, ports);
    const made = await world.red.ask('POST', at(fip), { port_forwarding: toLeg });
    assert.equal(made.status, 201);
    assert.equal((await world.red.ask('DELETE', `${at(fip)}/${made.body.port_forwarding.id}`)).status, 204);
    const foreign = await world.blue.ask('POST', at(fip), { port_forwarding: bodyOf(port, ports) });
    assert.deepEqual(errorOf(foreign), [404, 'FloatingIPNotFound']);
    assert.deepEqual((await shown(fip)).port_forwardings, []);
  });

  test('they go with their port and with its addresses', async () => {
    const fip = await fipOf();
    const port = await portOf();
    const other = await portOf();
    const forward = (to: { id: string; address: string }, number: number) =>
      world.make(
        world.red,
        at(fip),
        'port_forwarding',
        bodyOf(to, { external_port: number, internal_port: number }),
      );
    await forward(port, 1);
    await forward(other, 2);
    await world.put(world.red, `ports/${port.id}`, {
      port: { fixed_ips: [{ subnet_id: inside.subnetId, ip_address: '10.1.0.222' }] },
    });
    const left = await shown(fip);
    assert.deepEqual(
      left.port_forwardings.map((one: { external_port: number }) => one.external_port),
      [2],
    );
    assert.deepEqual([left.status, left.router_id], ['ACTIVE', routerId]);
    assert.equal((await world.red.ask('DELETE', `ports/${other.id}`)).status, 204);
    const idle = await shown(fip);
    assert.deepEqual([idle.port_forwardings, idle.status, idle.router_id], [[], 'DOWN', null]);
  });
});

forEachDialect('floating IPs on the hosts of machines', (databases) => {
  test('lead to no port that ports are forwarded to', async () => {
    await using world = await createRoutingWorld(databases, { ovn: { distributedFloatingIp: true } });
    const { red, external, make } = world;
    const inside = await world.inner(red, '10.1.0.0/24');
    const gateway = { external_gateway_info: { network_id: external.id } };
    const { id: routerId } = await make(red, 'routers', 'router', gateway);
    await world.put(red, `routers/${routerId}/add_router_interface`, { subnet_id: inside.subnetId });
    const port = await make(red, 'ports', 'port', { network_id: inside.networkId });
    const wish = { floating_network_id: external.id };
    const [carrier, whole] = [
      await make(red, 'floatingips', 'floatingip', wish),
      await make(red, 'floatingips', 'floatingip', wish),
    ];
    await make(red, `floatingips/${carrier.id}/port_forwardings`, 'port_forwarding', {
      protocol: 'tcp',
      internal_port_id: port.id,
      internal_ip_address: port.fixed_ips[0].ip_address,
      internal_port: 22,
      external_port: 22,
    });
    const answer = await red.ask('PUT', `floatingips/${whole.id}`, { floatingip: { port_id: port.id } });
    assert.deepEqual(errorOf(answer), [400, 'PortHasPortForwarding']);
    assert.deepEqual((await world.get(red, `floatingips/${whole.id}`)).floatingip, whole);
  });
});
