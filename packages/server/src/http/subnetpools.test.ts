import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

type Made = ReturnType<typeof JSON.parse>;

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

forEachDialect('subnet pools and address scopes', (databases) => {
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

  const postPool = (persona: Persona, given: object) =>
    persona.ask('POST', 'subnetpools', { subnetpool: { name: 'p', prefixes: ['10.0.0.0/16'], ...given } });
  const pool = async (persona: Persona, given: object = {}): Promise<Made> => {
    const answer = await postPool(persona, given);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.subnetpool;
  };
  const scope = async (persona: Persona, given: object = {}): Promise<Made> => {
    const answer = await persona.ask('POST', 'address-scopes', {
      address_scope: { ip_version: 4, ...given },
    });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.address_scope;
  };
  const change = (persona: Persona, id: string, given: object) =>
    persona.ask('PUT', `subnetpools/${id}`, { subnetpool: given });

  test('a pool fills in its bounds and compacts its prefixes', async () => {
    const prefixes = ['10.0.1.0/24', '10.0.0.0/24', '10.9.0.0/16', '10.9.3.0/24'];
    const made = await pool(red, { name: 'small', prefixes, min_prefixlen: '28', description: 'd' });
    const { id, created_at, updated_at, ...rest } = made;
    assert.deepEqual(rest, {
      name: 'small',
      description: 'd',
      project_id: red.projectId,
      tenant_id: red.projectId,
      prefixes: ['10.0.0.0/23', '10.9.0.0/16'],
      default_quota: null,
      ip_version: 4,
      default_prefixlen: '28',
      min_prefixlen: '28',
      max_prefixlen: '32',
      is_default: false,
      shared: false,
      address_scope_id: null,
      revision_number: 1,
      tags: [],
    });
    assert.deepEqual((await red.ask('GET', `subnetpools/${id}`)).body.subnetpool, made);
    const six = await pool(red, { prefixes: ['2001:db8::/48'], max_prefixlen: 72 });
    assert.deepEqual([six.ip_version, six.min_prefixlen, six.default_prefixlen], [6, '64', '64']);
    for (const [query, found] of [
      [`min_prefixlen=28&id=${id}&id=${six.id}`, [id]],
      [`ip_version=6&id=${id}&id=${six.id}`, [six.id]],
      ['name=small&sort_key=max_prefixlen&sort_dir=asc', [id]],
    ] as const) {
      const { subnetpools } = (await red.ask('GET', `subnetpools?${query}`)).body;
      assert.deepEqual(
        subnetpools.map((one: Made) => one.id),
        found,
        query,
      );
    }
    assert.equal((await red.ask('PUT', `subnetpools/${id}/tags/blue`)).status, 201);
    assert.deepEqual((await red.ask('GET', `subnetpools/${id}`)).body.subnetpool.tags, ['blue']);
    assert.equal((await red.ask('DELETE', `subnetpools/${id}`)).status, 204);
    assert.deepEqual(errorOf(await red.ask('GET', `subnetpools/${id}`)), [404, 'SubnetPoolNotFound']);
  });

  test('bad pools are refused', async () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ prefixes: [] }, 'EmptySubnetPoolPrefixList'],
      [{ prefixes: ['10.0.0.0/8', '2001:db8::/48'] }, 'PrefixVersionMismatch'],
      [{ prefixes: ['10.0.0.0'] }, 'HTTPBadRequest'],
      [{ name: '' }, 'HTTPBadRequest'],
      [{ min_prefixlen: 24, max_prefixlen: 20 }, 'IllegalSubnetPoolPrefixBounds'],
      [{ max_prefixlen: 33 }, 'IllegalSubnetPoolPrefixBounds'],
      [{ default_prefixlen: 7 }, 'IllegalSubnetPoolPrefixBounds'],
      [{ max_prefixlen: 24, default_prefixlen: 25 }, 'IllegalSubnetPoolPrefixBounds'],
      [{ min_prefixlen: -1 }, 'HTTPBadRequest'],
      [{ default_quota: -1 }, 'HTTPBadRequest'],
      [{ address_scope_id: 'x' }, 'HTTPBadRequest'],
      [{ ip_version: 4 }, 'HTTPBadRequest'],
    ];
    for (const [given, type] of cases)
      assert.deepEqual(errorOf(await postPool(red, given)), [400, type], JSON.stringify(given));
    for (const given of [{ shared: true }, { is_default: true }])
      assert.deepEqual(errorOf(await postPool(red, given)), [403, 'PolicyNotAuthorized']);
  });

  test('prefixes grow by update, and come and go by actions', async () => {
    const { id } = await pool(red, { prefixes: ['10.0.0.0/24'] });
    const grown = await change(red, id, { prefixes: ['10.0.0.0/23', '10.8.0.0/24'], name: 'grown' });
    assert.deepEqual(grown.body.subnetpool.prefixes, ['10.0.0.0/23', '10.8.0.0/24']);
    assert.equal(grown.body.subnetpool.revision_number, 2);
    const shrunk = await change(red, id, { prefixes: ['10.0.0.0/23'] });
    assert.deepEqual(errorOf(shrunk), [400, 'IllegalSubnetPoolPrefixUpdate']);
    const act = (action: string, prefixes: unknown) =>
      red.ask('PUT', `subnetpools/${id}/${action}`, { prefixes });
    const added = await act('add_prefixes', ['10.8.1.0/24']);
    assert.deepEqual([added.status, added.body], [200, { prefixes: ['10.0.0.0/23', '10.8.0.0/23'] }]);
    const removed = await act('remove_prefixes', ['10.8.0.0/24', '192.0.2.0/24']);
    assert.deepEqual(removed.body, { prefixes: ['10.0.0.0/23', '10.8.1.0/24'] });
    assert.deepEqual((await act('remove_prefixes', ['::a00:0/104'])).body, removed.body);
    for (const [action, prefixes, type] of [
      ['add_prefixes', ['2001:db8::/64'], 'PrefixVersionMismatch'],
      ['add_prefixes', [], 'HTTPBadRequest'],
      ['remove_prefixes', undefined, 'HTTPBadRequest'],
      ['remove_prefixes', ['here'], 'HTTPBadRequest'],
    ] as const)
      assert.deepEqual(errorOf(await act(action, prefixes)), [400, type]);
    const readOnly = [{ shared: true }, { project_id: red.projectId }, { ip_version: 6 }];
    for (const given of readOnly)
      assert.deepEqual(errorOf(await change(admin, id, given)), [400, 'HTTPBadRequest']);
    assert.deepEqual(
      (await red.ask('GET', `subnetpools/${id}`)).body.subnetpool.prefixes,
      removed.body.prefixes,
    );
  });

  test('there is one default pool of each IP version', async () => {
    const four = await pool(admin, { is_default: true });
    const six = await pool(admin, { prefixes: ['2001:db8::/48'] });
    assert.equal((await change(admin, six.id, { is_default: true })).body.subnetpool.is_default, true);
    assert.deepEqual(errorOf(await postPool(admin, { is_default: true })), [400, 'InvalidInput']);
    assert.equal((await change(admin, four.id, { is_default: false })).body.subnetpool.is_default, false);
    await admin.ask('DELETE', `subnetpools/${six.id}`);
  });

  test('shared pools and scopes are seen by all, others by their project', async () => {
    for (const [path, made] of [
      ['subnetpools', await pool(admin, { shared: true })],
      ['address-scopes', await scope(admin, { shared: true })],
    ]) {
      const seen = Object.values((await blue.ask('GET', `${path}/${made.id}`)).body)[0] as Made;
      assert.equal(seen.shared, true);
      const listed = Object.values((await blue.ask('GET', `${path}?shared=true`)).body)[0] as readonly Made[];
      assert.ok(listed.some((one) => one.id === made.id));
    }
    const own = await pool(red);
    assert.deepEqual(errorOf(await blue.ask('GET', `subnetpools/${own.id}`)), [404, 'SubnetPoolNotFound']);
    const mine = await scope(red);
    assert.deepEqual(errorOf(await blue.ask('GET', `address-scopes/${mine.id}`)), [
      404,
      'AddressScopeNotFound',
    ]);
  });

  test('a scope is renamed, shared for good, and stays while pools are in it', async () => {
    const { id } = await scope(red, { name: 'inside' });
    const update = (persona: Persona, given: object) =>
      persona.ask('PUT', `address-scopes/${id}`, { address_scope: given });
    assert.equal((await update(red, { name: 'within' })).body.address_scope.name, 'within');
    for (const shared of [true, false])
      assert.deepEqual(errorOf(await update(red, { shared })), [403, 'PolicyNotAuthorized']);
    assert.deepEqual(errorOf(await update(red, { ip_version: 6 })), [400, 'HTTPBadRequest']);
    assert.equal((await update(admin, { shared: true })).body.address_scope.shared, true);
    assert.deepEqual(errorOf(await update(admin, { shared: false })), [400, 'AddressScopeUpdateError']);
    const inside = await pool(red, { address_scope_id: id });
    assert.deepEqual(errorOf(await red.ask('DELETE', `address-scopes/${id}`)), [409, 'AddressScopeInUse']);
    assert.equal(
      (await change(red, inside.id, { address_scope_id: null })).body.subnetpool.address_scope_id,
      null,
    );
    assert.equal((await red.ask('DELETE', `address-scopes/${id}`)).status, 204);
  });

  test('pools of one scope share no address and its IP version', async () => {
    const { id } = await scope(red);
    const first = await pool(red, { prefixes: ['20.0.0.0/18', '30.0.0.0/18'], address_scope_id: id });
    const inScope = (prefixes: readonly string[]) => postPool(red, { prefixes, address_scope_id: id });
    assert.deepEqual(errorOf(await inScope(['40.0.0.0/18', '30.0.0.0/12'])), [
      409,
      'AddressScopePrefixConflict',
    ]);
    assert.equal((await inScope(['20.10.0.0/24'])).status, 201);
    const wider = await change(red, first.id, { prefixes: ['20.0.0.0/12', '30.0.0.0/18'] });
    assert.deepEqual(errorOf(wider), [409, 'AddressScopePrefixConflict']);
    const six = await inScope(['2001:db8::/48']);
    assert.deepEqual(errorOf(six), [400, 'IllegalSubnetPoolIpVersionAssociationToAddressScope']);
    for (const scopeId of [randomUUID(), (await scope(admin)).id])
      assert.deepEqual(errorOf(await postPool(red, { address_scope_id: scopeId })), [
        404,
        'AddressScopeNotFound',
      ]);
  });

  test("a pool in somebody else's scope is its owner's no more", async () => {
    const { id } = await scope(admin, { shared: true });
    const own = await pool(red, { prefixes: ['50.0.0.0/18'] });
    assert.equal((await change(admin, own.id, { address_scope_id: id })).status, 200);
    const prefixes = ['50.0.0.0/18', '60.0.0.0/18'];
    assert.deepEqual(errorOf(await change(red, own.id, { prefixes })), [400, 'IllegalSubnetPoolUpdate']);
    assert.deepEqual((await change(admin, own.id, { prefixes })).body.subnetpool.prefixes, prefixes);
    const { rbac_policies: entries } = (await admin.ask('GET', `rbac-policies?object_id=${id}`)).body;
    assert.deepEqual(errorOf(await admin.ask('DELETE', `rbac-policies/${entries[0].id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
  });
});
