import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

type Made = ReturnType<typeof JSON.parse>;

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

forEachDialect('subnets out of pools', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  let blue: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    red = await service.persona('rosa', 'red', ['member']);
    blue = await service.persona('bert', 'blue', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (persona: Persona, path: string, name: string, body: object): Promise<Made> => {
    const answer = await persona.ask('POST', path, { [name]: body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body[name];
  };
  const pool = (given: object = {}, persona = red): Promise<Made> =>
    make(persona, 'subnetpools', 'subnetpool', { name: 'p', prefixes: ['10.0.0.0/16'], ...given });
  const network = (given: object = {}, persona = red): Promise<Made> =>
    make(persona, 'networks', 'network', given);
  const ask = (networkId: string, given: object, persona = red): Promise<ApiAnswer> =>
    persona.ask('POST', 'subnets', { subnet: { network_id: networkId, ip_version: 4, ...given } });
  const subnet = async (networkId: string, given: object, persona = red): Promise<Made> => {
    const answer = await ask(networkId, given, persona);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.subnet;
  };

  test('a subnet gets the default length, a length or a prefix, and gives it back', async () => {
    const { id } = await pool({ prefixes: ['10.0.0.0/22'], default_prefixlen: 24 });
    const { id: net } = await network();
    const first = await subnet(net, { subnetpool_id: id });
    assert.deepEqual(
      [first.cidr, first.gateway_ip, first.subnetpool_id, first.allocation_pools],
      ['10.0.0.0/24', '10.0.0.1', id, [{ start: '10.0.0.2', end: '10.0.0.254' }]],
    );
    const small = await subnet(net, { subnetpool_id: id, prefixlen: 28, gateway_ip: null });
    assert.deepEqual([small.cidr, small.gateway_ip], ['10.0.1.0/28', null]);
    const chosen = await subnet(net, { subnetpool_id: id, cidr: '10.0.3.7/25' });
    assert.deepEqual([chosen.cidr, chosen.gateway_ip], ['10.0.3.0/25', '10.0.3.1']);
    const taken = await ask(net, { subnetpool_id: id, cidr: '10.0.3.0/26' });
    assert.deepEqual(errorOf(taken), [409, 'SubnetAllocationError']);
    const outside = await ask(net, { subnetpool_id: id, cidr: '10.9.0.0/24' });
    assert.deepEqual(errorOf(outside), [409, 'SubnetAllocationError']);
    assert.deepEqual(errorOf(await ask(net, { subnetpool_id: id, prefixlen: 23 })), [
      409,
      'SubnetAllocationError',
    ]);
    assert.deepEqual(errorOf(await red.ask('DELETE', `subnetpools/${id}`)), [400, 'SubnetPoolDeleteError']);
    const removal = { prefixes: ['10.0.3.0/24'] };
    const removed = await red.ask('PUT', `subnetpools/${id}/remove_prefixes`, removal);
    assert.deepEqual(errorOf(removed), [400, 'IllegalSubnetPoolPrefixUpdate']);
    for (const one of [first, small, chosen])
      assert.equal((await red.ask('DELETE', `subnets/${one.id}`)).status, 204);
    assert.equal((await subnet(net, { subnetpool_id: id, prefixlen: 22 })).cidr, '10.0.0.0/22');
    const { subnets } = (await red.ask('GET', `subnets?subnetpool_id=${id}`)).body;
    assert.equal(subnets.length, 1);
  });

  test('one request gives out different prefixes, or none', async () => {
    const { id } = await pool({ prefixes: ['10.0.0.0/23'], default_prefixlen: 24 });
    const { id: net } = await network();
    const wish = { network_id: net, ip_version: 4, subnetpool_id: id };
    const many = (count: number) =>
      red.ask('POST', 'subnets', { subnets: Array.from({ length: count }, () => wish) });
    assert.deepEqual(errorOf(await many(3)), [409, 'SubnetAllocationError']);
    const cidrs = (await many(2)).body.subnets.map((one: Made) => one.cidr);
    assert.deepEqual(cidrs, ['10.0.0.0/24', '10.0.1.0/24']);
  });

  test('requests at once get different prefixes', async () => {
    const { id } = await pool({ default_prefixlen: 24 });
    const nets = await Promise.all(Array.from({ length: 6 }, () => network()));
    const made = await Promise.all(nets.map((net) => subnet(net.id, { subnetpool_id: id })));
    assert.equal(new Set(made.map((one) => one.cidr)).size, 6);
  });

  test('bad wishes are refused', async () => {
    const { id } = await pool({ min_prefixlen: 20, max_prefixlen: 28 });
    const { id: net } = await network();
    const cases: readonly (readonly [object, number, string])[] = [
      [{ subnetpool_id: id, prefixlen: 19 }, 400, 'MinPrefixSubnetAllocationError'],
      [{ subnetpool_id: id, prefixlen: 29 }, 400, 'MaxPrefixSubnetAllocationError'],
      [{ subnetpool_id: id, prefixlen: 24, cidr: '10.0.0.0/24' }, 400, 'BadRequest'],
      [{ subnetpool_id: id, use_default_subnetpool: true }, 400, 'BadRequest'],
      [{ use_default_subnetpool: true, ip_version: 6 }, 400, 'BadRequest'],
      [{ prefixlen: 24 }, 400, 'BadRequest'],
      [{}, 400, 'BadRequest'],
      [{ subnetpool_id: id, ip_version: 6 }, 400, 'BadRequest'],
      [{ subnetpool_id: 'prefix_delegation', ip_version: 6 }, 400, 'BadRequest'],
      [{ subnetpool_id: id, allocation_pools: [{ start: '10.0.0.2', end: '10.0.0.3' }] }, 400, 'BadRequest'],
      [{ subnetpool_id: randomUUID() }, 404, 'SubnetPoolNotFound'],
      [{ subnetpool_id: (await pool({}, admin)).id }, 404, 'SubnetPoolNotFound'],
    ];
    for (const [given, status, type] of cases)
      assert.deepEqual(errorOf(await ask(net, given)), [status, type], JSON.stringify(given));
    assert.deepEqual((await red.ask('GET', `subnets?network_id=${net}`)).body, { subnets: [] });
  });

  test('a project has no more of a pool than its quota', async () => {
    const { id } = await pool({ shared: true, default_quota: 256, default_prefixlen: 25 }, admin);
    const { id: net } = await network();
    await subnet(net, { subnetpool_id: id });
    await subnet(net, { subnetpool_id: id });
    const over = await ask(net, { subnetpool_id: id, prefixlen: 32, enable_dhcp: false });
    assert.deepEqual(errorOf(over), [409, 'SubnetPoolQuotaExceeded']);
    const { id: other } = await network({}, blue);
    await subnet(other, { subnetpool_id: id }, blue);
    const { rbac_policies: entries } = (await admin.ask('GET', `rbac-policies?object_id=${id}`)).body;
    assert.deepEqual(errorOf(await admin.ask('DELETE', `rbac-policies/${entries[0].id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
  });

  test('IPv6 prefixes and the default pool', async () => {
    const six = { prefixes: ['2001:db8::/48'], is_default: true };
    const { id } = await pool(six, admin);
    const { id: net } = await network();
    const wish = { ip_version: 6, use_default_subnetpool: true };
    assert.deepEqual(errorOf(await ask(net, wish)), [400, 'BadRequest']);
    await make(admin, 'rbac-policies', 'rbac_policy', {
      object_type: 'subnetpool',
      object_id: id,
      action: 'access_as_shared',
      target_tenant: red.projectId,
    });
    const made = await subnet(net, wish);
    assert.deepEqual([made.cidr, made.gateway_ip, made.subnetpool_id], ['2001:db8::/64', '2001:db8::1', id]);
    assert.equal('use_default_subnetpool' in made, false);
  });

  test('subnets of one network and version come out of one pool, or one scope', async () => {
    const scope = await make(red, 'address-scopes', 'address_scope', { ip_version: 4 });
    const scoped = (prefix: string) =>
      pool({ prefixes: [prefix], address_scope_id: scope.id, default_prefixlen: 24 });
    const [one, two] = [await scoped('10.1.0.0/16'), await scoped('10.2.0.0/16')];
    const { id: net } = await network();
    const first = await subnet(net, { subnetpool_id: one.id });
    await subnet(net, { subnetpool_id: two.id });
    const shown = (await red.ask('GET', `networks/${net}`)).body.network;
    assert.deepEqual([shown.ipv4_address_scope, shown.ipv6_address_scope], [scope.id, null]);
    const stranger = await pool({ prefixes: ['10.3.0.0/16'], default_prefixlen: 24 });
    assert.deepEqual(errorOf(await ask(net, { subnetpool_id: stranger.id })), [
      400,
      'NetworkAddressScopeAffinityError',
    ]);
    assert.deepEqual(errorOf(await ask(net, { cidr: '10.4.0.0/24' })), [
      400,
      'NetworkSubnetPoolAffinityError',
    ]);
    const torn = await red.ask('PUT', `subnetpools/${one.id}`, {
      subnetpool: { prefixes: ['10.1.0.0/16', '10.5.0.0/16'] },
    });
    assert.deepEqual(errorOf(torn), [400, 'NetworkAddressScopeAffinityError']);
    const { id: plain } = await network();
    await subnet(plain, { cidr: '10.6.0.0/24' });
    assert.deepEqual(errorOf(await ask(plain, { subnetpool_id: stranger.id })), [
      400,
      'NetworkSubnetPoolAffinityError',
    ]);
    assert.equal(first.subnetpool_id, one.id);
  });

  test('subnets that exist are taken into a pool', async () => {
    const { id } = await pool({ prefixes: ['10.0.0.0/24'] });
    const { id: net, revision_number: revision } = await network();
    const made = await subnet(net, { cidr: '192.168.7.0/24' });
    const onboard = (body: object, persona = red) =>
      persona.ask('PUT', `subnetpools/${id}/onboard_network_subnets`, body);
    const done = await onboard({ network_id: net });
    assert.deepEqual([done.status, done.body], [200, [{ id: made.id, cidr: '192.168.7.0/24' }]]);
    const { subnet: now } = (await red.ask('GET', `subnets/${made.id}`)).body;
    assert.deepEqual([now.subnetpool_id, now.revision_number], [id, made.revision_number + 1]);
    assert.ok((await red.ask('GET', `networks/${net}`)).body.network.revision_number > revision);
    const { prefixes } = (await red.ask('GET', `subnetpools/${id}`)).body.subnetpool;
    assert.deepEqual(prefixes, ['10.0.0.0/24', '192.168.7.0/24']);
    assert.deepEqual(errorOf(await onboard({ network_id: net })), [400, 'IllegalSubnetPoolUpdate']);
    assert.deepEqual(errorOf(await onboard({})), [400, 'InvalidInput']);
    assert.deepEqual(errorOf(await onboard({ network_id: randomUUID() })), [404, 'NetworkNotFound']);
    const foreign = await network({ shared: true }, admin);
    assert.deepEqual(errorOf(await onboard({ network_id: foreign.id })), [403, 'HTTPForbidden']);
  });

  test('service types say which ports get addresses', async () => {
    const { id: net } = await network({}, admin);
    const plain = await subnet(net, { cidr: '10.0.0.0/24' }, admin);
    const service_types = ['compute:nova', 'network:routed', 'compute:nova'];
    const routed = await subnet(net, { cidr: '10.0.1.0/24', service_types }, admin);
    assert.deepEqual([plain.service_types, routed.service_types], [[], ['compute:nova', 'network:routed']]);
    const port = async (device_owner: string) =>
      (await make(admin, 'ports', 'port', { network_id: net, device_owner })).fixed_ips[0].subnet_id;
    assert.deepEqual([await port('compute:nova'), await port('other')], [routed.id, plain.id]);
    const change = (given: unknown, persona = admin) =>
      persona.ask('PUT', `subnets/${routed.id}`, { subnet: { service_types: given } });
    const changed = (await change(['network:dhcp'])).body.subnet;
    assert.deepEqual([changed.service_types, changed.revision_number], [['network:dhcp'], 2]);
    assert.deepEqual((await change(null)).body.subnet.service_types, []);
    for (const [given, type] of [
      [['nobody'], 'InvalidSubnetServiceType'],
      [[7], 'InvalidInputSubnetServiceType'],
      ['compute:nova', 'HTTPBadRequest'],
    ] as const)
      assert.deepEqual(errorOf(await change(given)), [400, type]);
  });
});
