import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

type Made = ReturnType<typeof JSON.parse>;

forEachDialect('network ip availability', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let member: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    admin = await service.persona('root', 'operations', ['admin']);
    member = await service.persona('rosa', 'red', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (path: string, name: string, body: object): Promise<Made> => {
    const answer = await member.ask('POST', path, { [name]: body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body[name];
  };
  const network = (name: string) => make('networks', 'network', { name });
  const subnet = (network_id: string, cidr: string, more: object = {}) =>
    make('subnets', 'subnet', { network_id, cidr, ip_version: cidr.includes(':') ? 6 : 4, ...more });
  const seen = async (id: string): Promise<Made> =>
    (await admin.ask('GET', `network-ip-availabilities/${id}`)).body.network_ip_availability;

  test('addresses of pools are counted, and those taken inside and outside of them', async () => {
    const { id, project_id } = await network('counted');
    const empty = await seen(id);
    assert.deepEqual([empty.total_ips, empty.used_ips, empty.subnet_ip_availability], [0, 0, []]);
    const pools = [{ start: '10.0.0.10', end: '10.0.0.19' }];
    const first = await subnet(id, '10.0.0.0/24', { allocation_pools: pools, name: 'first' });
    await subnet(id, '10.1.0.0/29');
    for (const ip_address of ['10.0.0.12', '10.0.0.100'])
      await make('ports', 'port', { network_id: id, fixed_ips: [{ subnet_id: first.id, ip_address }] });
    const now = await seen(id);
    const details = {
      total_ips_in_subnet: 254,
      total_ips_in_allocation_pool: 10,
      used_ips_in_subnet: 2,
      used_ips_in_allocation_pool: 1,
    };
    assert.deepEqual(
      { ...now, subnet_ip_availability: now.subnet_ip_availability.length },
      {
        network_id: id,
        network_name: 'counted',
        project_id,
        tenant_id: project_id,
        total_ips: 15,
        used_ips: 2,
        subnet_ip_availability: 2,
        ip_availability_details: {
          total_ips_in_subnet: 260,
          total_ips_in_allocation_pool: 15,
          used_ips_in_subnet: 2,
          used_ips_in_allocation_pool: 1,
        },
      },
    );
    assert.deepEqual(
      now.subnet_ip_availability.find((one: Made) => one.subnet_id === first.id),
      {
        subnet_id: first.id,
        subnet_name: 'first',
        ip_version: 4,
        cidr: '10.0.0.0/24',
        total_ips: 10,
        used_ips: 2,
        ip_availability_details: details,
      },
    );
  });

  test('IPv6 prefixes are counted exactly', async () => {
    const { id } = await network('large');
    await subnet(id, '2001:db8::/64', { gateway_ip: '2001:db8::1' });
    const path = `/v2.0/network-ip-availabilities/${id}`;
    const { body: text } = await service.app.http.inject({
      method: 'GET',
      url: path,
      headers: { 'x-auth-token': admin.token },
    });
    assert.ok(text.includes(`"total_ips":${2n ** 64n - 2n},`), text);
    assert.ok(text.includes(`"total_ips_in_subnet":${2n ** 64n},`), text);
  });

  test('lists are filtered, also by the version that is counted', async () => {
    const { id } = await network('both');
    await subnet(id, '10.0.0.0/30');
    await subnet(id, '2001:db8::/120');
    await network('neither');
    const list = async (query: string): Promise<readonly Made[]> =>
      (await admin.ask('GET', `network-ip-availabilities?${query}`)).body.network_ip_availabilities;
    const names = async (query: string) => (await list(query)).map((one) => one.network_name).toSorted();
    assert.deepEqual(await names('network_name=both&network_name=neither'), ['both', 'neither']);
    const [four] = await list(`network_id=${id}&ip_version=4`);
    assert.deepEqual(
      [four.total_ips, four.subnet_ip_availability.length, 'ip_version' in four],
      [1, 1, false],
    );
    assert.deepEqual(await names('network_name=neither&ip_version=4'), []);
    assert.deepEqual(await list(`tenant_id=${member.projectId}&network_name=both&fields=network_id`), [
      { network_id: id },
    ]);
    assert.equal((await admin.ask('GET', 'network-ip-availabilities?ip_version=x')).status, 400);
    assert.equal((await admin.ask('GET', 'network-ip-availabilities?color=x')).status, 400);
  });

  test('they are for administrators', async () => {
    const { id } = await network('mine');
    assert.deepEqual((await member.ask('GET', 'network-ip-availabilities')).body, {
      network_ip_availabilities: [],
    });
    for (const [persona, of] of [
      [member, id],
      [admin, randomUUID()],
    ] as const) {
      const answer = await persona.ask('GET', `network-ip-availabilities/${of}`);
      assert.deepEqual([answer.status, answer.body.NeutronError.type], [404, 'NetworkNotFound']);
    }
    assert.equal((await admin.ask('POST', 'network-ip-availabilities', {})).status, 405);
  });

  test('service providers are listed', async () => {
    assert.deepEqual((await member.ask('GET', 'service-providers')).body, { service_providers: [] });
  });
});
