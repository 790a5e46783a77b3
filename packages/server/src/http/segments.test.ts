import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;
const vlan = (physicalNetwork: string, id: number) => ({
  network_type: 'vlan',
  physical_network: physicalNetwork,
  segmentation_id: id,
});
const provider = (physicalNetwork: string, id: number) =>
  Object.fromEntries(
    Object.entries(vlan(physicalNetwork, id)).map(([name, value]) => [`provider:${name}`, value]),
  );

forEachDialect('segments', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  before(async () => {
    // Random ids come from these; those that the tests name lie beyond.
    const wires = ['one', 'two', 'three'].map((name) => `${name}:100:199`);
    service = await startApiService({
      databaseUrl: await databases.freshUrl(),
      settings: { ml2: { networkVlanRanges: wires, physicalNetworkMtus: { three: 1400 } } },
    });
    admin = await service.persona('ada', 'admin', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (path: string, body: object): Promise<Made> => {
    const answer = await admin.ask('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return Object.values(answer.body)[0];
  };
  const read = async (path: string): Promise<Made> =>
    Object.values((await admin.ask('GET', path)).body as object)[0];
  const network = (given: object = {}) => make('networks', { network: given });
  const addSegment = (given: object) => admin.ask('POST', 'segments', { segment: given });
  const subnet = (given: object) => admin.ask('POST', 'subnets', { subnet: { ip_version: 4, ...given } });

  test('every network has some, and gets more', async () => {
    const { id: networkId, revision_number: revision } = await network(provider('one', 301));
    const of = `segments?network_id=${networkId}&sort_key=segmentation_id&sort_dir=asc`;
    const [first] = await read(of);
    const { id, created_at, updated_at, ...facts } = first;
    assert.equal(created_at, updated_at);
    assert.deepEqual(facts, {
      network_id: networkId,
      name: null,
      ...vlan('one', 301),
      description: '',
      revision_number: 1,
    });
    const added = (await addSegment({ network_id: networkId, name: 'rack', ...vlan('two', 302) })).body
      .segment;
    assert.deepEqual([added.name, added.segmentation_id], ['rack', 302]);
    assert.deepEqual(await read(of), [first, added]);
    const changed = await read(`networks/${networkId}`);
    assert.equal(changed.revision_number, revision + 1);
    assert.equal(changed.segments.length, 2);
    const body = { segment: { name: 'racks', description: 'd' } };
    const renamed = (await admin.ask('PUT', `segments/${id}`, body)).body.segment;
    assert.deepEqual([renamed.name, renamed.description, renamed.revision_number], ['racks', 'd', 2]);
    assert.deepEqual(await read('segments?name=rack'), [added]);
    assert.deepEqual((await red.ask('GET', 'segments')).body, { segments: [] });
    assert.equal((await red.ask('GET', `segments/${id}`)).status, 404);
    assert.equal(
      (await red.ask('POST', 'segments', { segment: { network_id: networkId, ...vlan('two', 303) } })).status,
      403,
    );
    assert.equal((await admin.ask('DELETE', `segments/${added.id}`)).status, 204);
    assert.deepEqual(errorOf(await admin.ask('GET', `segments/${added.id}`)), [404, 'SegmentNotFound']);
    assert.equal((await read(`networks/${networkId}`))['provider:segmentation_id'], 301);
    // Its id is free again.
    await network(provider('two', 302));
  });

  test('one may leave the choice of its id', async () => {
    const { id } = await network();
    const given = { network_id: id, network_type: 'vlan', physical_network: 'one' };
    const { segment } = (await addSegment(given)).body;
    assert.ok(segment.segmentation_id >= 100 && segment.segmentation_id <= 199);
  });

  test('what cannot be is refused, and changes nothing', async () => {
    const { id } = await network(provider('one', 310));
    const before = await read('segments');
    for (const [given, status, type] of [
      [{ network_id: randomUUID(), ...vlan('one', 311) }, 404, 'NetworkNotFound'],
      [{ network_id: id, ...vlan('one', 310) }, 409, 'VlanIdInUse'],
      [{ network_id: id, ...vlan('nowhere', 310) }, 400, 'InvalidInput'],
      [{ network_id: id, network_type: 'odd' }, 400, 'InvalidInput'],
      [{ network_id: id, ...vlan('three', 310) }, 400, 'InvalidInput'],
      [{ network_id: id }, 400, 'HTTPBadRequest'],
    ] as const)
      assert.deepEqual(errorOf(await addSegment(given)), [status, type], JSON.stringify(given));
    assert.deepEqual(await read('segments'), before);
  });

  test('subnets belong to them, all or none', async () => {
    const { id } = await network(provider('one', 320));
    const [first] = await read(`segments?network_id=${id}`);
    const plain = (await subnet({ network_id: id, cidr: '10.1.0.0/24' })).body.subnet;
    assert.equal(plain.segment_id, null);
    assert.equal((await read(`networks/${id}`)).l2_adjacency, true);
    const bound = { network_id: id, cidr: '10.2.0.0/24', segment_id: first.id };
    assert.deepEqual(errorOf(await subnet(bound)), [400, 'SubnetsNotAllAssociatedWithSegments']);
    const other = await network(provider('one', 321));
    const [foreign] = await read(`segments?network_id=${other.id}`);
    const move = (segmentId: string | null) =>
      admin.ask('PUT', `subnets/${plain.id}`, { subnet: { segment_id: segmentId } });
    assert.deepEqual(errorOf(await move(foreign.id)), [400, 'NetworkIdsDontMatch']);
    assert.deepEqual(errorOf(await move(randomUUID())), [404, 'SegmentNotFound']);
    const spare = (await addSegment({ network_id: id, ...vlan('two', 322) })).body.segment;
    const several = errorOf(await move(first.id));
    assert.deepEqual(several, [400, 'NoUpdateSubnetWhenMultipleSegmentsOnNetwork']);
    assert.equal((await admin.ask('DELETE', `segments/${spare.id}`)).status, 204);
    assert.equal((await move(first.id)).body.subnet.segment_id, first.id);
    assert.deepEqual(errorOf(await move(null)), [400, 'SubnetSegmentAssociationChangeNotAllowed']);
    assert.equal((await read(`networks/${id}`)).l2_adjacency, false);
    assert.deepEqual(errorOf(await admin.ask('DELETE', `segments/${first.id}`)), [409, 'SegmentInUse']);
    const second = (await addSegment({ network_id: id, ...vlan('two', 320) })).body.segment;
    const unbound = { network_id: id, cidr: '10.3.0.0/24' };
    assert.deepEqual(errorOf(await subnet(unbound)), [400, 'SubnetsNotAllAssociatedWithSegments']);
    const made = await subnet({ ...unbound, segment_id: second.id });
    assert.equal(made.status, 201);
    const listed = await read(`subnets?segment_id=${second.id}`);
    assert.deepEqual(
      listed.map((one: Made) => one.id),
      [made.body.subnet.id],
    );
    assert.equal((await admin.ask('DELETE', `networks/${id}`)).status, 204);
    assert.deepEqual(await read(`segments?network_id=${id}`), []);
  });

  test('where a subnet belongs is the business of administrators', async () => {
    const own = (await red.ask('POST', 'networks', { network: {} })).body.network;
    const [segment] = await read(`segments?network_id=${own.id}`);
    const body = { network_id: own.id, ip_version: 4, cidr: '10.9.0.0/24' };
    const bound = { subnet: { ...body, segment_id: segment.id } };
    assert.deepEqual(errorOf(await red.ask('POST', 'subnets', bound)), [403, 'PolicyNotAuthorized']);
    const made = (await red.ask('POST', 'subnets', { subnet: body })).body.subnet;
    assert.equal('segment_id' in made, false);
    const move = { subnet: { segment_id: segment.id } };
    assert.equal((await red.ask('PUT', `subnets/${made.id}`, move)).status, 403);
  });

  /** A network with a subnet on each of two segments, which two hosts are on. */
  const routed = async () => {
    vlanId += 1;
    await service.app.database.transaction(async ({ query }) => {
      for (const [host, wire] of [
        ['rack-1', 'one'],
        ['rack-2', 'two'],
      ] as const)
        await query
          .insertInto('host_physical_networks')
          .values({ host, physical_network: wire })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
    });
    const { id } = await network({ ...provider('one', vlanId), shared: true });
    const [first] = await read(`segments?network_id=${id}`);
    const second = (await addSegment({ network_id: id, ...vlan('two', vlanId) })).body.segment;
    const cut = async (segmentId: string, cidr: string) =>
      (await subnet({ network_id: id, cidr, segment_id: segmentId })).body.subnet.id;
    return { id, one: await cut(first.id, '10.1.0.0/24'), two: await cut(second.id, '10.2.0.0/24') };
  };
  let vlanId = 350;
  const on = (port: Made): readonly string[] =>
    port.fixed_ips.map((ip: { readonly subnet_id: string }) => ip.subnet_id);

  test('ports of routed networks get addresses where their host is', async () => {
    const { id, one, two } = await routed();
    const port = (given: object) => make('ports', { port: { network_id: id, ...given } });
    const here = await port({ 'binding:host_id': 'rack-1' });
    assert.deepEqual([here.ip_allocation, on(here)], ['immediate', [one]]);
    const waiting = await port({});
    assert.deepEqual([waiting.ip_allocation, waiting.fixed_ips], ['deferred', []]);
    assert.deepEqual(
      (await read(`ports?network_id=${id}&ip_allocation=deferred`)).map((each: Made) => each.id),
      [waiting.id],
    );
    const place = (portId: string, given: object) => admin.ask('PUT', `ports/${portId}`, { port: given });
    const nowhere = await place(waiting.id, { 'binding:host_id': 'shed' });
    assert.deepEqual(errorOf(nowhere), [409, 'HostNotConnectedToAnySegment']);
    assert.deepEqual(await read(`ports/${waiting.id}`), waiting);
    const placed = (await place(waiting.id, { 'binding:host_id': 'rack-2' })).body.port;
    assert.deepEqual([placed.ip_allocation, on(placed)], ['deferred', [two]]);
    assert.deepEqual(await read(`ports/${waiting.id}`), placed);
    const moved = await place(placed.id, { 'binding:host_id': 'rack-1' });
    assert.deepEqual(errorOf(moved), [409, 'HostNotCompatibleWithFixedIps']);
    const both = { 'binding:host_id': 'rack-1', fixed_ips: [{ subnet_id: one }] };
    assert.deepEqual(on((await place(placed.id, both)).body.port), [one]);
    const none = await port({ fixed_ips: [], 'binding:host_id': 'shed' });
    assert.deepEqual([none.ip_allocation, none.fixed_ips], ['none', []]);
  });

  test('bindings of ports are held against the segments of their hosts', async () => {
    const { id } = await routed();
    const given = { network_id: id, device_owner: 'compute:nova', 'binding:host_id': 'rack-1' };
    const { id: portId } = await make('ports', { port: given });
    const bindings = `ports/${portId}/bindings`;
    const before = await read(`ports/${portId}`);
    for (const host of ['rack-2', 'shed'])
      for (const answer of [
        await admin.ask('POST', bindings, { binding: { host } }),
        await admin.ask('PUT', `${bindings}/rack-1`, { binding: { host } }),
      ])
        assert.deepEqual(errorOf(answer), [409, 'HostNotCompatibleWithFixedIps'], host);
    assert.deepEqual(await read(`ports/${portId}`), before);
    assert.equal((await read(bindings)).length, 1);
    const bare = await make('ports', { port: { ...given, fixed_ips: [] } });
    const elsewhere = { binding: { host: 'rack-2' } };
    const free = await admin.ask('POST', `ports/${bare.id}/bindings`, elsewhere);
    assert.notEqual(free.status, 409, JSON.stringify(free.body));
  });

  test('subnets of a routed network lead to each other by their own gateways', async () => {
    const { id, one, two } = await routed();
    const routes = async (subnetId: string) => (await read(`subnets/${subnetId}`)).host_routes;
    const change = async (subnetId: string, given: object) => {
      const answer = await admin.ask('PUT', `subnets/${subnetId}`, { subnet: given });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      assert.deepEqual(answer.body.subnet, await read(`subnets/${subnetId}`));
    };
    const toOne = { destination: '10.1.0.0/24', nexthop: '10.2.0.1' };
    const toTwo = { destination: '10.2.0.0/24', nexthop: '10.1.0.1' };
    assert.deepEqual([await routes(one), await routes(two)], [[toTwo], [toOne]]);
    const own = { destination: '10.9.0.0/16', nexthop: '10.1.0.7' };
    await change(one, { host_routes: [own] });
    assert.deepEqual(await routes(one), [own, toTwo]);
    await change(one, {
      gateway_ip: '10.1.0.254',
      allocation_pools: [{ start: '10.1.0.1', end: '10.1.0.9' }],
    });
    assert.deepEqual(await routes(one), [own, { ...toTwo, nexthop: '10.1.0.254' }]);
    await change(one, { gateway_ip: null });
    assert.deepEqual(await routes(one), [own]);
    const summary = { destination: '10.0.0.0/8', nexthop: '10.2.0.9' };
    await change(two, { host_routes: [summary] });
    assert.deepEqual(await routes(two), [summary]);
    await change(two, { host_routes: [] });
    assert.deepEqual(await routes(two), [toOne]);
    const { revision_number: revision, segment_id: segmentId } = await read(`subnets/${two}`);
    assert.equal((await admin.ask('DELETE', `subnets/${one}`)).status, 204);
    const left = await read(`subnets/${two}`);
    assert.deepEqual([left.host_routes, left.revision_number], [[], revision + 1]);
    const alone = await subnet({ network_id: id, cidr: '10.3.0.0/24', segment_id: segmentId });
    assert.deepEqual([alone.body.subnet.host_routes, await routes(two)], [[], []]);
  });

  test('addresses that are asked for are of one segment, and of the right one', async () => {
    const { id, one, two } = await routed();
    const port = (given: object) => admin.ask('POST', 'ports', { port: { network_id: id, ...given } });
    const asked = await port({ fixed_ips: [{ subnet_id: two }] });
    assert.deepEqual([asked.body.port.ip_allocation, on(asked.body.port)], ['immediate', [two]]);
    for (const [given, status, type] of [
      [{ fixed_ips: [{ subnet_id: one }, { subnet_id: two }] }, 400, 'FixedIpsSubnetsNotOnSameSegment'],
      [
        { fixed_ips: [{ ip_address: '10.1.0.9' }, { subnet_id: two }] },
        400,
        'FixedIpsSubnetsNotOnSameSegment',
      ],
      [{ fixed_ips: [{ subnet_id: two }], 'binding:host_id': 'rack-1' }, 400, 'InvalidInput'],
      [{ 'binding:host_id': 'shed' }, 409, 'HostNotConnectedToAnySegment'],
    ] as const)
      assert.deepEqual(errorOf(await port(given)), [status, type], JSON.stringify(given));
    assert.equal((await read(`ports?network_id=${id}`)).length, 1);
  });
});
