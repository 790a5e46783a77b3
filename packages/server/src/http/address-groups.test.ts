import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

forEachDialect('address groups', (databases) => {
  let service: ApiService;
  let red: Persona;
  let blue: Persona;
  before(async () => {
    service = await startApiService({ databaseUrl: await databases.freshUrl() });
    red = await service.persona('rosa', 'red', ['member']);
    blue = await service.persona('bert', 'blue', ['member']);
  });
  after(() => service[Symbol.asyncDispose]());

  const make = async (persona: Persona, path: string, body: object) => {
    const answer = await persona.ask('POST', path, body);
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return Object.values(answer.body)[0] as ReturnType<typeof JSON.parse>;
  };
  const group = (persona: Persona, given: object = {}) =>
    make(persona, 'address-groups', { address_group: given });
  const rule = (persona: Persona, groupId: string, remote: object) =>
    persona.ask('POST', 'security-group-rules', {
      security_group_rule: { security_group_id: groupId, direction: 'ingress', ...remote },
    });

  test('are made, shown, listed, renamed and deleted', async () => {
    const addresses = ['192.168.0.10/24', '10.10.10.3/32', '2001:db8::f00/64', '192.168.0.20/24'];
    const made = await group(red, { name: 'offices', description: 'ours', addresses });
    assert.deepEqual(made.addresses, ['10.10.10.3/32', '192.168.0.0/24', '2001:db8::/64']);
    assert.deepEqual(Object.keys(made).toSorted(), [
      'addresses',
      'created_at',
      'description',
      'id',
      'name',
      'project_id',
      'revision_number',
      'tenant_id',
      'updated_at',
    ]);
    assert.deepEqual((await red.ask('GET', `address-groups/${made.id}`)).body, { address_group: made });
    const listed = await red.ask('GET', 'address-groups?name=offices&sort_key=description&sort_dir=asc');
    assert.deepEqual(listed.body, { address_groups: [made] });
    const renamed = { address_group: { name: 'sites' } };
    const updated = (await red.ask('PUT', `address-groups/${made.id}`, renamed)).body.address_group;
    assert.deepEqual(
      [updated.name, updated.description, updated.revision_number],
      ['sites', 'ours', made.revision_number + 1],
    );
    assert.equal((await red.ask('DELETE', `address-groups/${made.id}`)).status, 204);
    assert.deepEqual(errorOf(await red.ask('GET', `address-groups/${made.id}`)), [
      404,
      'AddressGroupNotFound',
    ]);
  });

  test('addresses come and go', async () => {
    const { id, revision_number: revision } = await group(red, { addresses: ['10.0.0.0/24'] });
    const act = (action: string, addresses: unknown) =>
      red.ask('PUT', `address-groups/${id}/${action}`, { addresses });
    const added = await act('add_addresses', ['2001:db8::1', '192.0.2.7/24']);
    assert.equal(added.status, 200);
    assert.deepEqual(added.body.address_group.addresses, ['10.0.0.0/24', '192.0.2.0/24', '2001:db8::1/128']);
    assert.equal(added.body.address_group.revision_number, revision + 1);
    assert.equal('shared' in added.body.address_group, false);
    const removed = await act('remove_addresses', ['10.0.0.0/24', '2001:db8::1']);
    assert.deepEqual(removed.body.address_group.addresses, ['192.0.2.0/24']);
    for (const [action, addresses, status, type] of [
      ['add_addresses', ['192.0.2.0/24', '192.0.3.0/24'], 400, 'AddressesAlreadyExist'],
      ['remove_addresses', ['192.0.2.0/24', '10.200.200.200'], 404, 'AddressesNotFound'],
      ['add_addresses', ['nowhere'], 400, 'InvalidInput'],
      ['remove_addresses', ['nowhere'], 400, 'InvalidInput'],
      ['add_addresses', undefined, 400, 'InvalidInput'],
      ['add_addresses', '10.0.0.0/8', 400, 'InvalidInput'],
    ] as const)
      assert.deepEqual(errorOf(await act(action, addresses)), [status, type], `${action} ${addresses}`);
    const now = (await red.ask('GET', `address-groups/${id}`)).body.address_group;
    assert.deepEqual(now, removed.body.address_group);
  });

  test('bad bodies are refused', async () => {
    for (const given of [
      { addresses: ['10.20.30.40'] },
      { addresses: ['10.0.0.0/33'] },
      { addresses: ['10.0.0.0/8', '10.0.0.0/8'] },
      { addresses: null },
      { addresses: ['0.0.0.0/255.0.0.0'] },
      { shared: true },
      { name: 'x'.repeat(256) },
    ])
      assert.deepEqual(
        errorOf(await red.ask('POST', 'address-groups', { address_group: given })),
        [400, 'HTTPBadRequest'],
        JSON.stringify(given),
      );
    const { id } = await group(red);
    const readdressed = { address_group: { addresses: ['10.0.0.0/8'] } };
    assert.equal((await red.ask('PUT', `address-groups/${id}`, readdressed)).status, 400);
  });

  test('rules name them, and then they stay', async () => {
    const { id } = await group(red, { addresses: ['10.0.0.0/24'] });
    const security = await make(red, 'security-groups', { security_group: {} });
    const made = await rule(red, security.id, { remote_address_group_id: id });
    assert.equal(made.status, 201);
    assert.equal(made.body.security_group_rule.remote_address_group_id, id);
    const filtered = await red.ask('GET', `security-group-rules?remote_address_group_id=${id}`);
    assert.deepEqual(filtered.body.security_group_rules, [made.body.security_group_rule]);
    const cases: readonly (readonly [object, number, string])[] = [
      [{ remote_address_group_id: id }, 409, 'SecurityGroupRuleExists'],
      [{ remote_address_group_id: randomUUID() }, 404, 'AddressGroupNotFound'],
      [{ remote_address_group_id: 'x' }, 400, 'HTTPBadRequest'],
      [
        { remote_address_group_id: id, remote_ip_prefix: '10.0.0.0/8' },
        400,
        'SecurityGroupMultipleRemoteEntites',
      ],
      [
        { remote_address_group_id: id, remote_group_id: security.id },
        400,
        'SecurityGroupMultipleRemoteEntites',
      ],
    ];
    for (const [remote, status, type] of cases)
      assert.deepEqual(errorOf(await rule(red, security.id, remote)), [status, type]);
    assert.deepEqual(errorOf(await red.ask('DELETE', `address-groups/${id}`)), [409, 'AddressGroupInUse']);
    const { id: ruleId } = made.body.security_group_rule;
    assert.equal((await red.ask('DELETE', `security-group-rules/${ruleId}`)).status, 204);
    assert.equal((await red.ask('DELETE', `address-groups/${id}`)).status, 204);
  });

  test('are shared for use, and a shared one cannot be changed', async () => {
    const { id } = await group(red);
    const security = await make(blue, 'security-groups', { security_group: {} });
    const remote = { remote_address_group_id: id };
    assert.deepEqual(errorOf(await rule(blue, security.id, remote)), [404, 'AddressGroupNotFound']);
    const policy = await make(red, 'rbac-policies', {
      rbac_policy: {
        object_type: 'address_group',
        object_id: id,
        action: 'access_as_shared',
        target_tenant: blue.projectId,
      },
    });
    assert.equal((await blue.ask('GET', `address-groups/${id}`)).status, 200);
    const notThere = [404, 'AddressGroupNotFound'];
    const path = `address-groups/${id}`;
    assert.deepEqual(errorOf(await blue.ask('PUT', path, { address_group: { name: 'x' } })), notThere);
    assert.deepEqual(errorOf(await blue.ask('DELETE', path)), notThere);
    assert.deepEqual(errorOf(await blue.ask('PUT', `${path}/add_addresses`, { addresses: [] })), notThere);
    const used = await rule(blue, security.id, remote);
    assert.equal(used.status, 201);
    assert.deepEqual(errorOf(await red.ask('DELETE', `rbac-policies/${policy.id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
    const ruleId = used.body.security_group_rule.id;
    assert.equal((await blue.ask('DELETE', `security-group-rules/${ruleId}`)).status, 204);
    assert.equal((await red.ask('DELETE', `rbac-policies/${policy.id}`)).status, 204);
    assert.equal((await blue.ask('GET', path)).status, 404);
  });
});
