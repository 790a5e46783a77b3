import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;

forEachDialect('auto-allocated topology', (databases) => {
  let service: ApiService;
  let admin: Persona;
  let red: Persona;
  before(async () => {
    service = await startApiService({
      databaseUrl: await databases.freshUrl(),
      settings: { quotas: { limits: { subnetpool: -1 } } },
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
  const get = (persona: Persona, project = 'None', query = '') =>
    persona.ask('GET', `auto-allocated-topology/${project}${query}`);
  const remove = (persona: Persona, project = 'None') =>
    persona.ask('DELETE', `auto-allocated-topology/${project}`);
  /** Everything that a project sees of its own. */
  const world = async (persona: Persona): Promise<{ readonly [collection: string]: readonly Made[] }> => {
    const own = `project_id=${persona.projectId}`;
    const collections = ['networks', 'subnets', 'routers', 'ports'];
    const lists = await Promise.all(
      collections.map(async (name) => [name, (await admin.ask('GET', `${name}?${own}`)).body[name]]),
    );
    return Object.fromEntries(lists);
  };
  const names = (list: readonly Made[] | undefined) => list?.map((one) => one.name).toSorted();
  const empty = { networks: [], subnets: [], routers: [], ports: [] };

  test('needs a default network outside and a default pool', async () => {
    const failure = async (reason: RegExp) => {
      for (const query of ['', '?fields=dry-run']) {
        const answer = await get(red, 'None', query);
        assert.deepEqual(errorOf(answer), [409, 'AutoAllocationFailure']);
        assert.match(answer.body.NeutronError.message, reason);
      }
      assert.deepEqual(await world(red), empty);
    };
    await failure(/No default router:external network/);
    const outside = { 'router:external': true, is_default: true };
    const network = await make('networks', { network: outside });
    const prefix = { cidr: '203.0.113.0/24', ip_version: 4 };
    await make('subnets', { subnet: { network_id: network.id, ...prefix } });
    await failure(/No default subnetpools/);
    const pool = { prefixes: ['10.0.0.0/16'], default_prefixlen: 26, is_default: true };
    await make('subnetpools', { subnetpool: { name: 'hidden', ...pool } });
    await failure(/No default subnetpools/);
  });

  test('is rehearsed, made once, shown again and removed', async () => {
    const { subnetpools } = (await admin.ask('GET', 'subnetpools')).body;
    const entry = { object_type: 'subnetpool', action: 'access_as_shared', target_tenant: '*' };
    await make('rbac-policies', { rbac_policy: { ...entry, object_id: subnetpools[0].id } });
    const six = { prefixes: ['2001:db8::/32'], default_prefixlen: 64, is_default: true, shared: true };
    await make('subnetpools', { subnetpool: { name: 'six', ...six } });
    const rehearsal = (await get(red, 'None', '?fields=dry-run')).body.auto_allocated_topology;
    const own = { project_id: red.projectId, tenant_id: red.projectId };
    assert.deepEqual(rehearsal, { id: 'dry-run=pass', ...own });
    assert.deepEqual(await world(red), empty);
    const made = (await get(red)).body.auto_allocated_topology;
    const { networks, subnets, routers, ports } = await world(red);
    assert.deepEqual(made, { id: networks?.[0]?.id, ...own });
    assert.deepEqual(names(networks), ['auto_allocated_network']);
    assert.deepEqual(names(subnets), ['auto_allocated_subnet_v4', 'auto_allocated_subnet_v6']);
    assert.deepEqual(names(routers), ['auto_allocated_router']);
    assert.equal(ports?.length, 2);
    assert.equal(networks?.[0].admin_state_up, true);
    assert.equal(routers?.[0].external_gateway_info.external_fixed_ips.length, 1);
    for (const [persona, project] of [
      [red, red.projectId],
      [admin, red.projectId],
    ] as const)
      assert.deepEqual((await get(persona, project)).body.auto_allocated_topology, made);
    assert.deepEqual(await world(red), { networks, subnets, routers, ports });
    assert.equal((await remove(red)).status, 204);
    assert.deepEqual(await world(red), empty);
    assert.equal((await remove(red)).status, 204);
  });

  test('is one for a project, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => get(red)));
    const ids = answers.map(({ body }) => body.auto_allocated_topology?.id);
    assert.equal(new Set(ids).size, 1, JSON.stringify(answers.map(({ body }) => body)));
    assert.equal((await world(red)).networks?.length, 1);
    assert.equal((await remove(admin, red.projectId)).status, 204);
    assert.deepEqual(await world(red), empty);
  });

  test('goes whole or not at all, and follows what its owner does to it', async () => {
    const { id } = (await get(red)).body.auto_allocated_topology;
    const before = await world(red);
    const machine = await red.ask('POST', 'ports', { port: { network_id: id } });
    assert.deepEqual(errorOf(await remove(red)), [409, 'NetworkInUse']);
    await red.ask('DELETE', `ports/${machine.body.port.id}`);
    const seen = await world(red);
    assert.deepEqual(names(seen.routers), names(before.routers));
    assert.equal(seen.ports?.length, before.ports?.length);
    const [router] = seen.routers ?? [];
    for (const port of seen.ports ?? [])
      await red.ask('PUT', `routers/${router.id}/remove_router_interface`, { port_id: port.id });
    assert.equal((await red.ask('DELETE', `routers/${router.id}`)).status, 204);
    assert.equal((await red.ask('DELETE', `networks/${id}`)).status, 204);
    assert.notEqual((await get(red)).body.auto_allocated_topology.id, id);
    assert.equal((await remove(red)).status, 204);
  });

  test('is the business of its project, within policy and quota', async () => {
    const blue = await service.persona('bert', 'blue', ['member']);
    const reader = await service.persona('rita', 'blue', ['reader']);
    for (const answer of [
      await get(blue, red.projectId),
      await remove(blue, red.projectId),
      await remove(reader),
      await get(reader),
    ])
      assert.deepEqual(errorOf(answer), [403, 'PolicyNotAuthorized']);
    const wrong = await get(blue, 'None', '?fields=id');
    assert.deepEqual(errorOf(wrong), [400, 'BadRequest']);
    await admin.ask('PUT', `quotas/${blue.projectId}`, { quota: { router: 0 } });
    assert.deepEqual(errorOf(await get(blue)), [409, 'OverQuota']);
    assert.deepEqual(await world(blue), empty);
    assert.equal((await service.ask('GET', 'auto-allocated-topology/None')).status, 401);
  });
});
