import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createRoutingWorld, errorOf, type RoutingWorld } from '../testing/routing-world.ts';

forEachDialect('routers', (databases) => {
  let world: RoutingWorld;
  before(async () => {
    world = await createRoutingWorld(databases, {
      quotas: { limits: { router: 100 } },
      routers: { maxRoutes: 3 },
    });
  });
  after(() => world[Symbol.asyncDispose]());

  const routerOf = (body: object = {}, persona = world.red) => world.make(persona, 'routers', 'router', body);
  const gatewayPorts = async (routerId: string) =>
    (await world.get(world.admin, `ports?device_id=${routerId}&device_owner=network:router_gateway`)).ports;

  test('a router has the attributes of the reference', async () => {
    const made = await routerOf({ name: 'r', description: 'first' });
    const { id, created_at, updated_at, ...rest } = made;
    assert.equal(created_at, updated_at);
    assert.deepEqual(rest, {
      name: 'r',
      description: 'first',
      project_id: world.red.projectId,
      tenant_id: world.red.projectId,
      admin_state_up: true,
      status: 'ACTIVE',
      external_gateway_info: null,
      external_gateways: [],
      enable_snat: true,
      routes: [],
      enable_default_route_bfd: false,
      enable_default_route_ecmp: false,
      availability_zone_hints: [],
      availability_zones: [],
      flavor_id: null,
      revision_number: 1,
      tags: [],
    });
    assert.equal((await world.get(world.admin, `routers/${id}`)).router.ha, true);
    assert.equal((await world.red.ask('PUT', `routers/${id}`, { router: { ha: false } })).status, 403);
    const single = await world.put(world.admin, `routers/${id}`, { router: { ha: false } });
    assert.deepEqual([single.router.ha, single.router.revision_number], [false, 2]);
    await world.put(world.admin, `routers/${id}`, { router: { ha: true } });
    const alone = await world.make(world.admin, 'routers', 'router', { name: 'alone', ha: false });
    assert.equal(alone.ha, false);
    assert.equal((await world.admin.ask('DELETE', `routers/${alone.id}`)).status, 204);
    assert.deepEqual(errorOf(await world.blue.ask('GET', `routers/${id}`)), [404, 'RouterNotFound']);
    const { router } = await world.put(world.red, `routers/${id}`, {
      router: { name: 's', admin_state_up: false },
    });
    assert.deepEqual([router.name, router.admin_state_up, router.revision_number], ['s', false, 4]);
    assert.deepEqual(await world.put(world.red, `routers/${id}`, { router: { name: 's' } }), { router });
    assert.equal((await world.red.ask('DELETE', `routers/${id}`)).status, 204);
    assert.deepEqual(errorOf(await world.red.ask('GET', `routers/${id}`)), [404, 'RouterNotFound']);
  });

  test('a gateway takes an address of each version and belongs to nobody', async () => {
    const { external } = world;
    const router = await routerOf({ external_gateway_info: { network_id: external.id } });
    const { external_gateway_info: info } = router;
    assert.equal(info.network_id, external.id);
    assert.equal(info.enable_snat, true);
    assert.deepEqual(
      info.external_fixed_ips.map((ip: { subnet_id: string }) => ip.subnet_id).sort(),
      [external.ipv4, external.ipv6].sort(),
    );
    const [port] = await gatewayPorts(router.id);
    assert.deepEqual([port.project_id, port.network_id, port.name], ['', external.id, '']);
    assert.deepEqual(port.security_groups, []);
    assert.deepEqual(errorOf(await world.red.ask('GET', `ports/${port.id}`)), [404, 'PortNotFound']);
    assert.deepEqual(errorOf(await world.admin.ask('DELETE', `ports/${port.id}`)), [409, 'ServicePortInUse']);
    const cleared = await world.put(world.red, `routers/${router.id}`, {
      router: { external_gateway_info: null },
    });
    assert.equal(cleared.router.external_gateway_info, null);
    assert.equal(cleared.router.revision_number, 2);
    assert.deepEqual(await gatewayPorts(router.id), []);
    await world.put(world.red, `routers/${router.id}`, {
      router: { external_gateway_info: { network_id: external.id } },
    });
    assert.equal((await world.red.ask('DELETE', `routers/${router.id}`)).status, 204);
    assert.deepEqual(await gatewayPorts(router.id), []);
  });

  test('enable_snat and chosen addresses are for administrators', async () => {
    const { external } = world;
    const network_id = external.id;
    const fixed = {
      network_id,
      external_fixed_ips: [{ subnet_id: external.ipv4, ip_address: '203.0.113.77' }],
    };
    for (const info of [{ network_id, enable_snat: false }, fixed]) {
      const answer = await world.red.ask('POST', 'routers', { router: { external_gateway_info: info } });
      assert.deepEqual(errorOf(answer), [403, 'PolicyNotAuthorized']);
    }
    const router = await routerOf({ external_gateway_info: { ...fixed, enable_snat: false } }, world.admin);
    assert.equal(router.enable_snat, false);
    assert.deepEqual(router.external_gateway_info, { ...fixed, enable_snat: false });
    const moved = {
      ...fixed,
      external_fixed_ips: [{ subnet_id: external.ipv4, ip_address: '203.0.113.78' }],
    };
    const [before] = await gatewayPorts(router.id);
    const { router: next } = await world.put(world.admin, `routers/${router.id}`, {
      router: { external_gateway_info: moved },
    });
    assert.deepEqual(next.external_gateway_info, { ...moved, enable_snat: true });
    const [later] = await gatewayPorts(router.id);
    assert.equal(later.id, before.id);
    const again = { router: { external_gateway_info: { ...moved, enable_snat: true } } };
    assert.equal((await world.put(world.admin, `routers/${router.id}`, again)).router.revision_number, 2);
    const taken = await world.admin.ask('POST', 'routers', { router: { external_gateway_info: moved } });
    assert.deepEqual(errorOf(taken), [409, 'IpAddressAlreadyAllocated']);
    const own = { network_id, external_fixed_ips: [{ ip_address: '203.0.113.1' }] };
    const same = await world.admin.ask('POST', 'routers', { router: { external_gateway_info: own } });
    assert.deepEqual(errorOf(same), [400, 'BadRequest']);
    assert.equal((await world.admin.ask('DELETE', `routers/${router.id}`)).status, 204);
  });

  test('gateways that cannot be are refused and leave nothing behind', async () => {
    const { networkId } = await world.inner(world.red, '10.40.0.0/24');
    const { networkId: foreign } = await world.inner(world.blue, '10.41.0.0/24');
    const count = async () => (await world.get(world.red, 'routers')).routers.length;
    const before = await count();
    for (const [info, status, type] of [
      [{ network_id: networkId }, 400, 'BadRequest'],
      [{ network_id: foreign }, 404, 'NetworkNotFound'],
      [{ network_id: randomUUID() }, 404, 'NetworkNotFound'],
      [{ network_id: 'x' }, 400, 'HTTPBadRequest'],
      [{ enable_snat: true }, 400, 'HTTPBadRequest'],
      [{ network_id: world.external.id, more: 1 }, 400, 'HTTPBadRequest'],
      ['x', 400, 'HTTPBadRequest'],
    ] as const) {
      const answer = await world.red.ask('POST', 'routers', { router: { external_gateway_info: info } });
      assert.deepEqual(errorOf(answer), [status, type], JSON.stringify(info));
    }
    const zones = await world.red.ask('POST', 'routers', { router: { availability_zone_hints: ['mars'] } });
    assert.deepEqual(errorOf(zones), [404, 'AvailabilityZoneNotFound']);
    assert.equal(await count(), before);
  });

  test('extra routes lead through the subnets of the router', async () => {
    const { subnetId } = await world.inner(world.red, '10.42.0.0/24');
    const router = await routerOf();
    const path = `routers/${router.id}`;
    await world.put(world.red, `${path}/add_router_interface`, { subnet_id: subnetId });
    const a = { destination: '10.99.0.0/24', nexthop: '10.42.0.9' };
    const b = { destination: '10.98.0.0/24', nexthop: '10.42.0.9' };
    const c = { destination: '10.98.0.0/24', nexthop: '10.42.0.8' };
    const d = { destination: '10.97.0.0/24', nexthop: '10.42.0.8' };
    const routed = await world.put(world.red, path, { router: { routes: [a, b] } });
    assert.deepEqual(routed.router.routes, [b, a]);
    assert.equal(routed.router.revision_number, 3);
    const added = await world.put(world.red, `${path}/add_extraroutes`, { router: { routes: [a, c] } });
    assert.deepEqual(added.router.routes, [c, b, a]);
    assert.equal(added.router.ha, undefined);
    assert.equal(added.router.tenant_id, world.red.projectId);
    const over = await world.red.ask('PUT', `${path}/add_extraroutes`, { router: { routes: [d] } });
    assert.deepEqual(errorOf(over), [409, 'OverQuota']);
    for (const nexthop of ['10.43.0.1', '10.42.0.1']) {
      const answer = await world.red.ask('PUT', path, { router: { routes: [{ ...a, nexthop }] } });
      assert.deepEqual(errorOf(answer), [400, 'InvalidRoutes'], nexthop);
    }
    const busy = await world.red.ask('PUT', `${path}/remove_router_interface`, { subnet_id: subnetId });
    assert.deepEqual(errorOf(busy), [409, 'RouterInterfaceInUseByRoute']);
    const fewer = await world.put(world.red, `${path}/remove_extraroutes`, { router: { routes: [a, d] } });
    assert.deepEqual(fewer.router.routes, [c, b]);
    for (const body of [{}, { router: {} }, { router: { routes: 'x' } }, { router: { routes: [{}] } }]) {
      assert.equal((await world.red.ask('PUT', `${path}/add_extraroutes`, body)).status, 400);
    }
    assert.deepEqual((await world.put(world.red, path, { router: { routes: [] } })).router.routes, []);
    await world.put(world.red, `${path}/remove_router_interface`, { subnet_id: subnetId });
    assert.equal((await world.red.ask('DELETE', path)).status, 204);
  });

  test('a router can have several gateways', async () => {
    const { external } = world;
    const second = await world.make(world.admin, 'networks', 'network', { 'router:external': true });
    await world.make(world.admin, 'subnets', 'subnet', {
      network_id: second.id,
      ip_version: 4,
      cidr: '198.51.100.0/24',
    });
    const router = await routerOf();
    const path = `routers/${router.id}`;
    const both = [{ network_id: external.id }, { network_id: second.id }];
    const networksOf = (body: { router: { external_gateways: { network_id: string }[] } }) =>
      body.router.external_gateways.map((gateway) => gateway.network_id);
    const added = await world.put(world.red, `${path}/add_external_gateways`, {
      router: { external_gateways: both },
    });
    assert.deepEqual(networksOf(added), [external.id, second.id]);
    assert.equal(added.router.external_gateway_info.network_id, external.id);
    const swapped = await world.put(world.red, `${path}/update_external_gateways`, {
      router: { external_gateways: both.toReversed() },
    });
    assert.deepEqual(networksOf(swapped), [second.id, external.id]);
    assert.equal((await gatewayPorts(router.id)).length, 2);
    const twice = await world.put(world.red, `${path}/add_external_gateways`, {
      router: { external_gateways: [{ network_id: external.id }] },
    });
    assert.deepEqual(networksOf(twice), [second.id, external.id, external.id]);
    const vague = await world.red.ask('PUT', `${path}/remove_external_gateways`, {
      router: { external_gateways: [{ network_id: external.id }] },
    });
    assert.deepEqual(errorOf(vague), [400, 'UnableToMatchGateways']);
    const chosen = await world.red.ask('PUT', `${path}/add_external_gateways`, {
      router: { external_gateways: [{ network_id: external.id, enable_snat: false }] },
    });
    assert.deepEqual(errorOf(chosen), [403, 'PolicyNotAuthorized']);
    const removed = await world.put(world.red, `${path}/remove_external_gateways`, {
      router: { external_gateways: [{ network_id: second.id }] },
    });
    assert.deepEqual(networksOf(removed), [external.id, external.id]);
    const none = await world.put(world.red, `${path}/update_external_gateways`, {
      router: { external_gateways: [] },
    });
    assert.deepEqual(networksOf(none), []);
    const empty = await world.red.ask('PUT', `${path}/remove_external_gateways`, {
      router: { external_gateways: [{ network_id: second.id }] },
    });
    assert.deepEqual(errorOf(empty), [400, 'UnableToRemoveGateways']);
    assert.deepEqual(await gatewayPorts(router.id), []);
    assert.equal((await world.admin.ask('DELETE', `networks/${second.id}`)).status, 204);
  });

  test('gateways get an address in a new subnet of another IP version', async () => {
    const network = await world.make(world.admin, 'networks', 'network', { 'router:external': true });
    const subnet = async (body: object) =>
      (await world.make(world.admin, 'subnets', 'subnet', { network_id: network.id, ...body })).id;
    const v4 = await subnet({ ip_version: 4, cidr: '198.51.100.0/25' });
    const slaac = { ipv6_ra_mode: 'slaac', ipv6_address_mode: 'slaac' };
    const own = await subnet({ ip_version: 6, cidr: '2001:db8:4::/64', ...slaac });
    const router = await routerOf({ external_gateway_info: { network_id: network.id } });
    const path = `routers/${router.id}`;
    const subnets = async () =>
      (await world.get(world.red, path)).router.external_gateway_info.external_fixed_ips.map(
        (ip: { subnet_id: string }) => ip.subnet_id,
      );
    await subnet({ ip_version: 4, cidr: '198.51.100.128/25' });
    assert.deepEqual(await subnets(), [v4, own]);
    const v6 = await subnet({ ip_version: 6, cidr: '2001:db8:5::/64' });
    assert.deepEqual(await subnets(), [v4, own, v6]);
    assert.equal((await world.get(world.red, path)).router.revision_number, 2);
    await subnet({ ip_version: 6, cidr: '2001:db8:6::/64' });
    assert.deepEqual(await subnets(), [v4, own, v6]);
    assert.equal((await world.red.ask('DELETE', path)).status, 204);
    assert.equal((await world.admin.ask('DELETE', `networks/${network.id}`)).status, 204);
  });

  test('hosts of gateways are for administrators', async () => {
    const router = await routerOf();
    assert.deepEqual(await world.get(world.admin, `routers/${router.id}/l3-agents`), { agents: [] });
    const answer = await world.red.ask('GET', `routers/${router.id}/l3-agents`);
    assert.deepEqual(errorOf(answer), [403, 'PolicyNotAuthorized']);
    const foreign = await world.blue.ask('GET', `routers/${router.id}/l3-agents`);
    assert.deepEqual(errorOf(foreign), [404, 'RouterNotFound']);
    const absent = await world.admin.ask('GET', `agents/${randomUUID()}/l3-routers`);
    assert.deepEqual(errorOf(absent), [404, 'AgentNotFound']);
  });

  test('routers are tagged, listed and counted', async () => {
    const router = await routerOf({ name: 'tagged' }, world.blue);
    const tagged = await world.blue.ask('PUT', `routers/${router.id}/tags/edge`);
    assert.equal(tagged.status, 201);
    const { routers } = await world.get(world.blue, 'routers?tags=edge&fields=name&fields=revision_number');
    assert.deepEqual(routers, [{ name: 'tagged', revision_number: 2 }]);
    const made = await world.blue.ask('POST', 'routers', { routers: [{ name: 'a' }, { name: 'b' }] });
    assert.equal(made.status, 201);
    const sorted = await world.get(world.blue, 'routers?sort_key=name&sort_dir=desc&limit=2');
    assert.deepEqual(
      sorted.routers.map((one: { name: string }) => one.name),
      ['tagged', 'b'],
    );
    assert.ok(sorted.routers_links[0].href.includes('marker='));
    assert.equal((await world.blue.ask('GET', 'routers?status=ACTIVE')).status, 400);
    const { quota } = await world.get(world.admin, `quotas/${world.blue.projectId}/details`);
    assert.deepEqual(quota.router, { limit: 100, used: 3, reserved: 0 });
  });
});
