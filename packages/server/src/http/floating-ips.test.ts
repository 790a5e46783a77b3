import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, errorOf, type RoutingWorld } from '../testing/routing-world.ts';

forEachDialect('floating ips', (databases) => {
  let world: RoutingWorld;
  /** A network of the red project behind a router. */
  let inside: { networkId: string; subnetId: string };
  let routerId: string;
  before(async () => {
    world = await createRoutingWorld(databases, { quotas: { limits: { floatingip: 6 } } });
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

  const fipOf = (body: object = {}, persona = world.red) =>
    world.make(persona, 'floatingips', 'floatingip', { floating_network_id: world.external.id, ...body });
  const portOf = (body: object = {}, persona = world.red) =>
    world.make(persona, 'ports', 'port', { network_id: inside.networkId, ...body });
  const change = async (id: string, floatingip: object, persona = world.red) =>
    (await world.put(persona, `floatingips/${id}`, { floatingip })).floatingip;
  const refusal = async (floatingip: object, persona = world.red) =>
    errorOf(
      await persona.ask('POST', 'floatingips', {
        floatingip: { floating_network_id: world.external.id, ...floatingip },
      }),
    );
  const drop = async (...ids: readonly string[]) => {
    for (const id of ids) assert.equal((await world.admin.ask('DELETE', `floatingips/${id}`)).status, 204);
  };
  const holders = async () => (await world.get(world.admin, 'ports?device_owner=network:floatingip')).ports;

  test('a floating IP has the attributes of the reference, and a port that holds its address', async () => {
    const made = await fipOf({ description: 'mine' });
    const { id, created_at, updated_at, floating_ip_address: address, ...rest } = made;
    assert.equal(created_at, updated_at);
    assert.match(address, /^203\.0\.113\.\d+$/);
    assert.deepEqual(rest, {
      project_id: world.red.projectId,
      tenant_id: world.red.projectId,
      floating_network_id: world.external.id,
      port_id: null,
      fixed_ip_address: null,
      router_id: null,
      status: 'DOWN',
      port_details: null,
      port_forwardings: [],
      dns_name: '',
      dns_domain: '',
      qos_policy_id: null,
      qos_network_policy_id: null,
      description: 'mine',
      revision_number: 1,
      tags: [],
    });
    const [holder] = await holders();
    assert.deepEqual([holder.device_id, holder.project_id, holder.status], [id, '', 'N/A']);
    assert.ok(holder.fixed_ips.some((ip: { ip_address: string }) => ip.ip_address === address));
    assert.deepEqual(errorOf(await world.admin.ask('DELETE', `ports/${holder.id}`)), [
      409,
      'ServicePortInUse',
    ]);
    assert.deepEqual(errorOf(await world.blue.ask('GET', `floatingips/${id}`)), [404, 'FloatingIPNotFound']);
    const listed = await world.get(world.red, `floatingips?floating_ip_address=${address}&status=DOWN`);
    assert.deepEqual(listed.floatingips, [made]);
    assert.equal((await world.red.ask('DELETE', `floatingips/${id}`)).status, 204);
    assert.deepEqual(await holders(), []);
  });

  test('association, change and disassociation', async () => {
    const port = await portOf({ name: 'vm', device_id: 'vm-1', device_owner: 'compute:nova' });
    const [{ ip_address: fixed }] = port.fixed_ips;
    const fip = await fipOf({ port_id: port.id });
    assert.deepEqual(
      [fip.port_id, fip.fixed_ip_address, fip.router_id, fip.status],
      [port.id, fixed, routerId, 'ACTIVE'],
    );
    assert.deepEqual(fip.port_details, {
      name: 'vm',
      network_id: inside.networkId,
      mac_address: port.mac_address,
      admin_state_up: true,
      status: 'DOWN',
      device_id: 'vm-1',
      device_owner: 'compute:nova',
    });
    const described = await change(fip.id, { description: 'd' });
    assert.deepEqual([described.port_id, described.revision_number], [port.id, 2]);
    assert.deepEqual(await change(fip.id, { port_id: port.id }), described);
    const free = await change(fip.id, { port_id: null });
    assert.deepEqual(
      [free.port_id, free.fixed_ip_address, free.router_id, free.status, free.port_details, free.description],
      [null, null, null, 'DOWN', null, 'd'],
    );
    const two = await portOf({
      fixed_ips: [{ subnet_id: inside.subnetId }, { subnet_id: inside.subnetId }],
    });
    const unclear = await world.red.ask('PUT', `floatingips/${fip.id}`, { floatingip: { port_id: two.id } });
    assert.deepEqual(errorOf(unclear), [400, 'BadRequest']);
    for (const { ip_address } of two.fixed_ips) {
      const moved = await change(fip.id, { port_id: two.id, fixed_ip_address: ip_address });
      assert.deepEqual([moved.port_id, moved.fixed_ip_address], [two.id, ip_address]);
    }
    const listed = await world.get(world.red, `floatingips?port_id=${two.id}&router_id=${routerId}`);
    assert.equal(listed.floatingips.length, 1);
    assert.equal((await change(fip.id, {})).port_id, null);
    await drop(fip.id);
  });

  test('an address or subnet can be chosen', async () => {
    const manager = await world.service.persona('mona', 'red', ['manager', 'member']);
    const chosen = await fipOf({ floating_ip_address: '203.0.113.200' }, manager);
    assert.equal(chosen.floating_ip_address, '203.0.113.200');
    const inSubnet = await fipOf({ subnet_id: world.external.ipv4 });
    assert.equal(inSubnet.subnet_id, undefined);
    assert.deepEqual(await refusal({ floating_ip_address: '203.0.113.9' }), [403, 'PolicyNotAuthorized']);
    assert.deepEqual(await refusal({ floating_ip_address: '203.0.113.200' }, manager), [
      409,
      'IpAddressAlreadyAllocated',
    ]);
    assert.deepEqual(await refusal({ floating_ip_address: '192.0.2.9' }, manager), [
      400,
      'InvalidIpForNetwork',
    ]);
    assert.deepEqual(await refusal({ subnet_id: randomUUID() }), [404, 'SubnetNotFound']);
    assert.deepEqual(await refusal({ subnet_id: world.external.ipv6 }), [400, 'ExternalIpAddressExhausted']);
    const { floatingip_pools: pools } = await world.get(world.blue, 'floatingip_pools');
    assert.deepEqual((await world.get(world.blue, 'floatingip-pools')).floatingip_pools, pools);
    assert.deepEqual(pools, [
      {
        subnet_id: world.external.ipv4,
        subnet_name: '',
        network_id: world.external.id,
        cidr: '203.0.113.0/24',
        project_id: world.blue.projectId,
        tenant_id: world.blue.projectId,
      },
    ]);
    await drop(chosen.id, inSubnet.id);
  });

  test('what cannot be associated, and then nothing is left behind', async () => {
    const port = await portOf();
    const foreign = await world.inner(world.blue, '10.2.0.0/24');
    const foreignPort = await world.make(world.blue, 'ports', 'port', { network_id: foreign.networkId });
    const lonely = await world.inner(world.red, '10.3.0.0/24');
    const lonelyPort = await portOf({ network_id: lonely.networkId });
    const bare = await portOf({ fixed_ips: [] });
    const associated = await fipOf({ port_id: port.id });
    const before = await holders();
    for (const [body, status, type] of [
      [{ port_id: randomUUID() }, 404, 'PortNotFound'],
      [{ port_id: foreignPort.id }, 404, 'PortNotFound'],
      [{ port_id: lonelyPort.id }, 404, 'ExternalGatewayForFloatingIPNotFound'],
      [{ port_id: bare.id }, 400, 'BadRequest'],
      [{ port_id: port.id }, 409, 'FloatingIPPortAlreadyAssociated'],
      [{ port_id: port.id, fixed_ip_address: '10.1.0.250' }, 400, 'BadRequest'],
      [{ port_id: port.id, fixed_ip_address: '2001:db8::1' }, 400, 'BadRequest'],
      [{ fixed_ip_address: '10.1.0.250' }, 400, 'BadRequest'],
      [{ floating_network_id: inside.networkId }, 400, 'BadRequest'],
      [{ floating_network_id: foreign.networkId }, 404, 'NetworkNotFound'],
      [{ floating_network_id: randomUUID() }, 404, 'NetworkNotFound'],
      [{ floating_network_id: 'x' }, 400, 'HTTPBadRequest'],
      [{ port_id: 'x' }, 400, 'HTTPBadRequest'],
      [{ status: 'ACTIVE' }, 400, 'HTTPBadRequest'],
    ] as const) {
      assert.deepEqual(await refusal(body), [status, type], JSON.stringify(body));
    }
    const foreignFip = await fipOf({}, world.blue);
    const other = await world.admin.ask('PUT', `floatingips/${foreignFip.id}`, {
      floatingip: { port_id: port.id },
    });
    assert.deepEqual(errorOf(other), [409, 'FloatingIPPortAlreadyAssociated']);
    await drop(foreignFip.id);
    assert.deepEqual(await holders(), before);
    const twice = { floating_network_id: world.external.id, port_id: (await portOf()).id };
    const bulk = await world.red.ask('POST', 'floatingips', { floatingips: [twice, twice] });
    assert.deepEqual(errorOf(bulk), [409, 'FloatingIPPortAlreadyAssociated']);
    assert.deepEqual(await holders(), before);
    await drop(associated.id);
  });

  test('gateway and interface stay while floating IPs need them', async () => {
    const port = await portOf();
    const fip = await fipOf({ port_id: port.id });
    const router = `routers/${routerId}`;
    const cleared = await world.red.ask('PUT', router, { router: { external_gateway_info: null } });
    assert.deepEqual(errorOf(cleared), [409, 'RouterExternalGatewayInUseByFloatingIp']);
    const detached = await world.red.ask('PUT', `${router}/remove_router_interface`, {
      subnet_id: inside.subnetId,
    });
    assert.deepEqual(errorOf(detached), [409, 'RouterInterfaceInUseByFloatingIP']);
    const network = await world.admin.ask('PUT', `networks/${world.external.id}`, {
      network: { 'router:external': false },
    });
    assert.deepEqual(errorOf(network), [409, 'ExternalNetworkInUse']);
    await drop(fip.id);
  });

  test('a floating IP follows its port', async () => {
    const port = await portOf();
    const fip = await fipOf({ port_id: port.id });
    const moved = await world.red.ask('PUT', `ports/${port.id}`, {
      port: { fixed_ips: [{ subnet_id: inside.subnetId, ip_address: '10.1.0.222' }] },
    });
    assert.deepEqual(errorOf(moved), [400, 'BadRequest']);
    const more = [...port.fixed_ips, { subnet_id: inside.subnetId }];
    await world.put(world.red, `ports/${port.id}`, { port: { fixed_ips: more } });
    assert.equal((await world.red.ask('DELETE', `ports/${port.id}`)).status, 204);
    const { floatingip } = await world.get(world.red, `floatingips/${fip.id}`);
    assert.deepEqual(
      [floatingip.port_id, floatingip.router_id, floatingip.status, floatingip.revision_number],
      [null, null, 'DOWN', 2],
    );
    const foreign = await fipOf({}, world.blue);
    const next = await portOf();
    await change(foreign.id, { port_id: next.id }, world.admin);
    assert.deepEqual(errorOf(await world.red.ask('DELETE', `ports/${next.id}`)), [409, 'FipAssociated']);
    assert.equal((await world.admin.ask('DELETE', `ports/${next.id}`)).status, 204);
    await drop(fip.id, foreign.id);
  });

  test('a port that becomes a service port lets its floating IP go when it goes', async () => {
    const fips = [await fipOf({}), await fipOf({})];
    const leg = await portOf();
    await change(fips[0].id, { port_id: leg.id });
    const other = await world.make(world.red, 'routers', 'router', {});
    const path = `routers/${other.id}`;
    await world.put(world.red, `${path}/add_router_interface`, { port_id: leg.id });
    await world.put(world.red, `${path}/remove_router_interface`, { port_id: leg.id });
    const { networkId, subnetId } = await world.inner(world.red, '10.4.0.0/24');
    await world.put(world.red, `routers/${routerId}/add_router_interface`, { subnet_id: subnetId });
    const own = await portOf({ network_id: networkId });
    await change(fips[1].id, { port_id: own.id });
    await world.put(world.admin, `ports/${own.id}`, { port: { device_owner: 'network:dhcp' } });
    const kept = await world.admin.ask('DELETE', `networks/${networkId}`);
    assert.deepEqual(errorOf(kept), [409, 'NetworkInUse']);
    const detached = await world.red.ask('PUT', `routers/${routerId}/remove_router_interface`, {
      subnet_id: subnetId,
    });
    assert.deepEqual(errorOf(detached), [409, 'RouterInterfaceInUseByFloatingIP']);
    assert.equal((await world.admin.ask('DELETE', `ports/${own.id}`)).status, 204);
    await world.put(world.red, `routers/${routerId}/remove_router_interface`, { subnet_id: subnetId });
    for (const { id } of fips)
      assert.equal((await world.get(world.red, `floatingips/${id}`)).floatingip.port_id, null);
    await drop(fips[0].id, fips[1].id);
    assert.equal((await world.red.ask('DELETE', path)).status, 204);
    assert.equal((await world.red.ask('DELETE', `networks/${networkId}`)).status, 204);
  });

  test('an interface of a router may have one, other service ports may not', async () => {
    const leg = await portOf();
    const service = await portOf();
    await world.put(world.admin, `ports/${service.id}`, { port: { device_owner: 'network:dhcp' } });
    assert.deepEqual(await refusal({ port_id: service.id }), [400, 'BadRequest']);
    const other = await world.make(world.red, 'routers', 'router', {});
    const path = `routers/${other.id}`;
    await world.put(world.red, `${path}/add_router_interface`, { port_id: leg.id });
    const fip = await fipOf({ port_id: leg.id });
    assert.deepEqual([fip.router_id, fip.fixed_ip_address], [routerId, leg.fixed_ips[0].ip_address]);
    await world.put(world.red, `${path}/remove_router_interface`, { port_id: leg.id });
    assert.equal((await world.get(world.red, `floatingips/${fip.id}`)).floatingip.port_id, null);
    assert.equal((await world.admin.ask('DELETE', `ports/${service.id}`)).status, 204);
    assert.equal((await world.red.ask('DELETE', path)).status, 204);
    await drop(fip.id);
  });

  test('idle floating IPs go with their network, others keep it', async () => {
    const network = await world.make(world.admin, 'networks', 'network', { 'router:external': true });
    await world.make(world.admin, 'subnets', 'subnet', {
      network_id: network.id,
      ip_version: 4,
      cidr: '198.51.100.0/24',
    });
    const idle = await fipOf({ floating_network_id: network.id });
    const router = await world.make(world.red, 'routers', 'router', {
      external_gateway_info: { network_id: network.id },
    });
    assert.deepEqual(errorOf(await world.admin.ask('DELETE', `networks/${network.id}`)), [
      409,
      'NetworkInUse',
    ]);
    await world.get(world.red, `floatingips/${idle.id}`);
    assert.equal((await world.red.ask('DELETE', `routers/${router.id}`)).status, 204);
    assert.equal((await world.admin.ask('DELETE', `networks/${network.id}`)).status, 204);
    assert.deepEqual(errorOf(await world.red.ask('GET', `floatingips/${idle.id}`)), [
      404,
      'FloatingIPNotFound',
    ]);
  });

  test('an external network stays granted to projects that reach out through it', async () => {
    const query = `object_id=${world.external.id}&action=access_as_external`;
    const [entry] = (await world.get(world.admin, `rbac-policies?${query}`)).rbac_policies;
    const path = `rbac-policies/${entry.id}`;
    assert.deepEqual(errorOf(await world.admin.ask('DELETE', path)), [409, 'RbacPolicyInUse']);
    const narrowed = { rbac_policy: { target_tenant: world.red.projectId } };
    await world.put(world.admin, path, narrowed);
    assert.deepEqual(await refusal({}, world.blue), [404, 'NetworkNotFound']);
    await world.put(world.admin, path, { rbac_policy: { target_tenant: '*' } });
  });

  test('the router that is the gateway of the subnet is preferred', async () => {
    const spare = await world.make(world.red, 'routers', 'router', {
      external_gateway_info: { network_id: world.external.id },
    });
    const leg = await portOf();
    await world.put(world.red, `routers/${spare.id}/add_router_interface`, { port_id: leg.id });
    for (let round = 0; round < 3; round += 1) {
      const fip = await fipOf({ port_id: (await portOf()).id });
      assert.equal(fip.router_id, routerId);
      await drop(fip.id);
    }
    await world.put(world.red, `routers/${spare.id}/remove_router_interface`, { port_id: leg.id });
    assert.equal((await world.red.ask('DELETE', `routers/${spare.id}`)).status, 204);
  });

  test('they are counted and tagged', async () => {
    const bodies = Array.from({ length: 6 }, () => ({ floating_network_id: world.external.id }));
    const over = await world.blue.ask('POST', 'floatingips', { floatingips: [...bodies, bodies[0]] });
    assert.deepEqual(errorOf(over), [409, 'OverQuota']);
    const made = await world.blue.ask('POST', 'floatingips', { floatingips: bodies });
    assert.equal(made.status, 201);
    assert.deepEqual(await refusal({}, world.blue), [409, 'OverQuota']);
    const ids = made.body.floatingips.map((one: { id: string }) => one.id);
    await world.blue.ask('PUT', `floatingips/${ids[0]}/tags/vip`);
    const tagged = await world.get(world.blue, 'floatingips?tags=vip&fields=id');
    assert.deepEqual(tagged.floatingips, [{ id: ids[0] }]);
    await drop(...ids);
  });
});
