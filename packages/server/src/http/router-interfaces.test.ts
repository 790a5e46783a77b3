import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, errorOf, type RoutingWorld } from '../testing/routing-world.ts';

forEachDialect('router interfaces', (databases) => {
  let world: RoutingWorld;
  before(async () => {
    world = await createRoutingWorld(databases, { quotas: { limits: { router: 100 } } });
  });
  after(() => world[Symbol.asyncDispose]());

  const routerOf = async (body: object = {}, persona = world.red): Promise<string> =>
    `routers/${(await world.make(persona, 'routers', 'router', body)).id}`;
  const add = (router: string, body: unknown, persona = world.red) =>
    persona.ask('PUT', `${router}/add_router_interface`, body);
  const remove = (router: string, body: unknown, persona = world.red) =>
    persona.ask('PUT', `${router}/remove_router_interface`, body);

  test('by subnet: the port takes the gateway address, and goes with the interface', async () => {
    const { networkId, subnetId } = await world.inner(world.red, '10.1.0.0/24');
    const router = await routerOf();
    const added = await add(router, { subnet_id: subnetId });
    assert.equal(added.status, 200);
    const { port_id: portId, ...rest } = added.body;
    assert.deepEqual(rest, {
      id: router.slice('routers/'.length),
      tenant_id: world.red.projectId,
      project_id: world.red.projectId,
      network_id: networkId,
      subnet_id: subnetId,
      subnet_ids: [subnetId],
    });
    const { port } = await world.get(world.red, `ports/${portId}`);
    assert.deepEqual(
      [port.fixed_ips, port.device_owner, port.device_id, port.project_id],
      [
        [{ subnet_id: subnetId, ip_address: '10.1.0.1' }],
        'network:router_interface',
        rest.id,
        world.red.projectId,
      ],
    );
    assert.equal((await world.get(world.red, router)).router.revision_number, 2);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', `ports/${portId}`)), [409, 'ServicePortInUse']);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', router)), [409, 'RouterInUse']);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', `subnets/${subnetId}`)), [409, 'SubnetInUse']);
    for (const device of [{ device_id: '' }, { device_owner: 'compute:nova' }]) {
      const taken = await world.red.ask('PUT', `ports/${portId}`, { port: device });
      assert.deepEqual(errorOf(taken), [409, 'UnsupportedPortDeviceOwner']);
    }
    const emptied = await world.red.ask('PUT', `ports/${portId}`, { port: { fixed_ips: [] } });
    assert.deepEqual(errorOf(emptied), [409, 'ServicePortInUse']);
    assert.deepEqual(errorOf(await add(router, { subnet_id: subnetId })), [400, 'BadRequest']);
    const removed = await remove(router, { subnet_id: subnetId });
    assert.deepEqual([removed.status, removed.body], [200, added.body]);
    assert.deepEqual(errorOf(await world.red.ask('GET', `ports/${portId}`)), [404, 'PortNotFound']);
    assert.deepEqual(errorOf(await remove(router, { subnet_id: subnetId })), [
      404,
      'RouterInterfaceNotFoundForSubnet',
    ]);
    assert.equal((await world.red.ask('DELETE', router)).status, 204);
  });

  test('by port: the port becomes the interface, and goes with it', async () => {
    const { networkId, subnetId } = await world.inner(world.red, '10.2.0.0/24');
    const router = await routerOf();
    const port = await world.make(world.red, 'ports', 'port', { network_id: networkId });
    const added = await add(router, { port_id: port.id });
    assert.equal(added.status, 200);
    assert.deepEqual([added.body.port_id, added.body.subnet_ids], [port.id, [subnetId]]);
    const { port: owned } = await world.get(world.red, `ports/${port.id}`);
    assert.deepEqual([owned.device_owner, owned.device_id], ['network:router_interface', added.body.id]);
    const other = await routerOf();
    assert.deepEqual(errorOf(await add(other, { port_id: port.id })), [409, 'PortInUse']);
    const elsewhere = await world.inner(world.red, '10.3.0.0/24');
    const mismatch = await remove(router, { port_id: port.id, subnet_id: elsewhere.subnetId });
    assert.deepEqual(errorOf(mismatch), [400, 'SubnetMismatchForPort']);
    assert.deepEqual(errorOf(await remove(other, { port_id: port.id })), [404, 'RouterInterfaceNotFound']);
    assert.equal((await remove(router, { port_id: port.id })).status, 200);
    assert.deepEqual(errorOf(await world.red.ask('GET', `ports/${port.id}`)), [404, 'PortNotFound']);
  });

  test('bodies and ids that cannot be', async () => {
    const router = await routerOf();
    const { networkId, subnetId } = await world.inner(world.red, '10.4.0.0/24');
    const { subnetId: dead } = await world.inner(world.red, '10.5.0.0/24', { gateway_ip: null });
    const foreign = await world.inner(world.blue, '10.6.0.0/24');
    const bare = await world.make(world.red, 'ports', 'port', { network_id: networkId, fixed_ips: [] });
    const used = await world.make(world.red, 'ports', 'port', { network_id: networkId, device_id: 'vm' });
    for (const [body, status, type] of [
      [undefined, 400, 'BadRequest'],
      [{}, 400, 'BadRequest'],
      [[], 400, 'BadRequest'],
      [{ subnet_id: 'x' }, 400, 'BadRequest'],
      [{ port_id: 5 }, 400, 'BadRequest'],
      [{ subnet_id: subnetId, port_id: bare.id }, 400, 'BadRequest'],
      [{ subnet_id: randomUUID() }, 404, 'SubnetNotFound'],
      [{ subnet_id: foreign.subnetId }, 404, 'SubnetNotFound'],
      [{ port_id: randomUUID() }, 404, 'PortNotFound'],
      [{ subnet_id: dead }, 400, 'BadRequest'],
      [{ port_id: bare.id }, 400, 'BadRequest'],
      [{ port_id: used.id }, 409, 'PortInUse'],
    ] as const) {
      assert.deepEqual(errorOf(await add(router, body)), [status, type], JSON.stringify(body));
    }
    assert.deepEqual(errorOf(await add(`routers/${randomUUID()}`, { subnet_id: subnetId })), [
      404,
      'RouterNotFound',
    ]);
    assert.deepEqual(errorOf(await add(router, { subnet_id: subnetId }, world.blue)), [
      404,
      'RouterNotFound',
    ]);
    assert.equal((await world.get(world.red, router)).router.revision_number, 1);
  });

  test('subnets of one router do not overlap, outside ones included', async () => {
    const router = await routerOf({ external_gateway_info: { network_id: world.external.id } });
    const { subnetId: wide } = await world.inner(world.red, '10.7.0.0/16');
    const { subnetId: narrow } = await world.inner(world.red, '10.7.9.0/24');
    const { subnetId: outer } = await world.inner(world.red, '203.0.113.128/25');
    assert.equal((await add(router, { subnet_id: wide })).status, 200);
    for (const subnet_id of [narrow, outer]) {
      const answer = await add(router, { subnet_id });
      assert.deepEqual(errorOf(answer), [400, 'BadRequest']);
      assert.match(answer.body.NeutronError.message, /overlaps with cidr/);
    }
    const second = await routerOf();
    assert.equal((await add(second, { subnet_id: outer })).status, 200);
    const gateway = { router: { external_gateway_info: { network_id: world.external.id } } };
    assert.deepEqual(errorOf(await world.red.ask('PUT', second, gateway)), [400, 'BadRequest']);
    const ports = await world.get(world.admin, 'ports?device_owner=network:router_gateway');
    assert.equal(ports.ports.length, 1);
    await remove(second, { subnet_id: outer });
    await remove(router, { subnet_id: wide });
    for (const one of [router, second]) assert.equal((await world.red.ask('DELETE', one)).status, 204);
  });

  test('IPv6 subnets of a network share a port, IPv4 subnets have one each', async () => {
    const network = await world.make(world.red, 'networks', 'network', { name: 'dual' });
    const subnet = async (body: object) =>
      (await world.make(world.red, 'subnets', 'subnet', { network_id: network.id, ...body })).id;
    const modes = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };
    const a = await subnet({ ip_version: 6, cidr: '2001:db8:a::/64', ...modes });
    const b = await subnet({ ip_version: 6, cidr: '2001:db8:b::/64', ...modes });
    const c = await subnet({ ip_version: 4, cidr: '10.8.0.0/24' });
    const foreign = await subnet({
      ip_version: 6,
      cidr: '2001:db8:c::/64',
      ipv6_address_mode: 'slaac',
    });
    const router = await routerOf();
    const first = await add(router, { subnet_id: a });
    const second = await add(router, { subnet_id: b });
    const third = await add(router, { subnet_id: c });
    assert.equal(second.body.port_id, first.body.port_id);
    assert.notEqual(third.body.port_id, first.body.port_id);
    assert.deepEqual(errorOf(await add(router, { subnet_id: foreign })), [400, 'BadRequest']);
    const { port } = await world.get(world.red, `ports/${first.body.port_id}`);
    assert.deepEqual(
      port.fixed_ips.map((ip: { ip_address: string }) => ip.ip_address),
      ['2001:db8:a::', '2001:db8:b::'],
    );
    assert.equal((await remove(router, { subnet_id: a })).status, 200);
    const { port: left } = await world.get(world.red, `ports/${first.body.port_id}`);
    assert.deepEqual(
      left.fixed_ips.map((ip: { subnet_id: string }) => ip.subnet_id),
      [b],
    );
    assert.equal((await remove(router, { subnet_id: b })).status, 200);
    assert.deepEqual(errorOf(await world.red.ask('GET', `ports/${first.body.port_id}`)), [
      404,
      'PortNotFound',
    ]);
    const twice = await world.make(world.red, 'ports', 'port', {
      network_id: network.id,
      fixed_ips: [{ subnet_id: c }, { subnet_id: await subnet({ ip_version: 4, cidr: '10.9.0.0/24' }) }],
    });
    const other = await routerOf();
    assert.deepEqual(errorOf(await add(other, { port_id: twice.id })), [400, 'BadRequest']);
    assert.equal((await world.get(world.red, `ports/${twice.id}`)).port.device_owner, '');
  });

  test("no port passes for an interface of another project's router", async () => {
    const { networkId } = await world.inner(world.red, '10.12.0.0/24');
    const foreign = await routerOf({}, world.blue);
    const disguise = {
      device_id: foreign.slice('routers/'.length),
      device_owner: 'network:router_interface',
    };
    const made = await world.red.ask('POST', 'ports', { port: { network_id: networkId, ...disguise } });
    assert.deepEqual(errorOf(made), [409, 'DeviceIDNotOwnedByTenant']);
    const port = await world.make(world.red, 'ports', 'port', { network_id: networkId });
    const changed = await world.red.ask('PUT', `ports/${port.id}`, { port: disguise });
    assert.deepEqual(errorOf(changed), [409, 'DeviceIDNotOwnedByTenant']);
  });

  test('a network that everybody shares is routed by port, one that was lent also by subnet', async () => {
    const lent = await world.inner(world.red, '10.10.0.0/24');
    const open = await world.inner(world.admin, '10.11.0.0/24');
    await world.put(world.admin, `networks/${open.networkId}`, { network: { shared: true } });
    await world.make(world.red, 'rbac-policies', 'rbac_policy', {
      object_type: 'network',
      object_id: lent.networkId,
      action: 'access_as_shared',
      target_tenant: world.blue.projectId,
    });
    const router = await routerOf({}, world.blue);
    assert.equal((await add(router, { subnet_id: lent.subnetId }, world.blue)).status, 200);
    assert.deepEqual(errorOf(await add(router, { subnet_id: open.subnetId }, world.blue)), [
      400,
      'BadRequest',
    ]);
    const port = await world.make(world.blue, 'ports', 'port', { network_id: open.networkId });
    assert.equal((await add(router, { port_id: port.id }, world.blue)).status, 200);
  });
});
