import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type ApiAnswer, type ApiService, type Persona, startApiService } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];

forEachDialect('rbac policies', (databases) => {
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

  const make = async (persona: Persona, collection: string, name: string, body: object) => {
    const answer = await persona.ask('POST', collection, { [name]: body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body[name];
  };
  const entry = (type: string, id: string, target: string, action = 'access_as_shared') => ({
    rbac_policy: { object_type: type, object_id: id, target_tenant: target, action },
  });
  const grant = async (persona: Persona, ...given: Parameters<typeof entry>) => {
    const answer = await persona.ask('POST', 'rbac-policies', entry(...given));
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return answer.body.rbac_policy;
  };
  const seenAsShared = async (persona: Persona, id: string) => {
    const { networks } = (await persona.ask('GET', `networks?id=${id}&shared=true`)).body;
    return networks.length === 1 && networks[0].shared;
  };

  test('a network is shared with one project, which loses it again', async () => {
    const network = await make(red, 'networks', 'network', { name: 'lent' });
    assert.equal((await blue.ask('GET', `networks/${network.id}`)).status, 404);
    const policy = await grant(red, 'network', network.id, blue.projectId);
    assert.deepEqual(policy, {
      id: policy.id,
      project_id: red.projectId,
      tenant_id: red.projectId,
      object_type: 'network',
      object_id: network.id,
      target_tenant: blue.projectId,
      action: 'access_as_shared',
    });
    assert.equal((await blue.ask('GET', `networks/${network.id}`)).body.network.shared, true);
    assert.equal((await red.ask('GET', `networks/${network.id}`)).body.network.shared, false);
    assert.deepEqual(
      [await seenAsShared(blue, network.id), await seenAsShared(red, network.id)],
      [true, false],
    );
    assert.deepEqual((await red.ask('GET', `rbac-policies/${policy.id}`)).body.rbac_policy, policy);
    assert.deepEqual((await red.ask('GET', `rbac-policies?object_id=${network.id}`)).body.rbac_policies, [
      policy,
    ]);
    assert.deepEqual((await blue.ask('GET', `rbac-policies?object_id=${network.id}`)).body.rbac_policies, []);
    assert.deepEqual(errorOf(await blue.ask('GET', `rbac-policies/${policy.id}`)), [
      404,
      'RbacPolicyNotFound',
    ]);
    const port = await make(blue, 'ports', 'port', { network_id: network.id });
    assert.deepEqual(errorOf(await red.ask('DELETE', `rbac-policies/${policy.id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
    const elsewhere = { rbac_policy: { target_tenant: randomUUID() } };
    assert.deepEqual(errorOf(await red.ask('PUT', `rbac-policies/${policy.id}`, elsewhere)), [
      409,
      'RbacPolicyInUse',
    ]);
    assert.equal((await blue.ask('DELETE', `ports/${port.id}`)).status, 204);
    assert.equal((await red.ask('DELETE', `rbac-policies/${policy.id}`)).status, 204);
    assert.equal((await blue.ask('GET', `networks/${network.id}`)).status, 404);
  });

  test('one entry may stand in for another', async () => {
    const network = await make(admin, 'networks', 'network', {});
    const all = await grant(admin, 'network', network.id, '*');
    assert.equal(await seenAsShared(red, network.id), true);
    const port = await make(blue, 'ports', 'port', { network_id: network.id });
    assert.deepEqual(errorOf(await admin.ask('DELETE', `rbac-policies/${all.id}`)), [409, 'RbacPolicyInUse']);
    const toBlue = { rbac_policy: { target_tenant: blue.projectId } };
    const updated = await admin.ask('PUT', `rbac-policies/${all.id}`, toBlue);
    assert.deepEqual(updated.body.rbac_policy, { ...all, target_tenant: blue.projectId });
    assert.equal((await admin.ask('GET', `networks/${network.id}`)).body.network.shared, false);
    const again = await grant(admin, 'network', network.id, '*');
    assert.equal((await admin.ask('DELETE', `rbac-policies/${all.id}`)).status, 204);
    const closing = await admin.ask('PUT', `networks/${network.id}`, { network: { shared: false } });
    assert.deepEqual(errorOf(closing), [409, 'InvalidSharedSetting']);
    assert.equal((await blue.ask('DELETE', `ports/${port.id}`)).status, 204);
    const closed = await admin.ask('PUT', `networks/${network.id}`, { network: { shared: false } });
    assert.equal(closed.body.network.shared, false);
    assert.equal((await admin.ask('GET', `rbac-policies/${again.id}`)).status, 404);
  });

  test('entries and the attributes shared and router:external tell the same', async () => {
    const network = await make(admin, 'networks', 'network', { shared: true });
    const { rbac_policies: made } = (await admin.ask('GET', `rbac-policies?object_id=${network.id}`)).body;
    assert.deepEqual(
      made.map((one: { target_tenant: string; action: string }) => [one.target_tenant, one.action]),
      [['*', 'access_as_shared']],
    );
    assert.equal((await admin.ask('DELETE', `rbac-policies/${made[0].id}`)).status, 204);
    assert.equal((await admin.ask('GET', `networks/${network.id}`)).body.network.shared, false);
    const external = await grant(admin, 'network', network.id, blue.projectId, 'access_as_external');
    const seen = (await blue.ask('GET', `networks/${network.id}`)).body.network;
    assert.deepEqual([seen['router:external'], seen.shared], [true, false]);
    assert.ok(seen.revision_number > network.revision_number);
    assert.equal((await red.ask('GET', `networks/${network.id}`)).status, 404);
    assert.equal((await admin.ask('DELETE', `rbac-policies/${external.id}`)).status, 204);
    const back = (await admin.ask('GET', `networks/${network.id}`)).body.network;
    assert.equal(back['router:external'], false);
    await grant(admin, 'network', network.id, blue.projectId, 'access_as_external');
    await admin.ask('PUT', `networks/${network.id}`, { network: { 'router:external': false } });
    assert.deepEqual(
      (await admin.ask('GET', `rbac-policies?object_id=${network.id}`)).body.rbac_policies,
      [],
    );
  });

  test('a project shares with itself, which hinders nothing', async () => {
    const network = await make(red, 'networks', 'network', {});
    const policy = await grant(red, 'network', network.id, red.projectId);
    await make(red, 'ports', 'port', { network_id: network.id });
    const toBlue = { rbac_policy: { target_tenant: blue.projectId } };
    assert.equal((await red.ask('PUT', `rbac-policies/${policy.id}`, toBlue)).status, 200);
    assert.equal((await red.ask('DELETE', `rbac-policies/${policy.id}`)).status, 204);
  });

  test('a security group is shared for use, not for change', async () => {
    const group = await make(red, 'security-groups', 'security_group', { name: 'web' });
    const network = await make(blue, 'networks', 'network', {});
    const port = { network_id: network.id, security_groups: [group.id] };
    assert.equal((await blue.ask('POST', 'ports', { port })).status, 404);
    const policy = await grant(red, 'security_group', group.id, blue.projectId);
    const shown = (await blue.ask('GET', `security-groups/${group.id}`)).body.security_group;
    assert.equal(shown.shared, true);
    const listed = (await blue.ask('GET', 'security-groups?shared=true')).body.security_groups;
    assert.deepEqual(
      listed.map((one: { id: string }) => one.id),
      [group.id],
    );
    const renamed = await blue.ask('PUT', `security-groups/${group.id}`, { security_group: { name: 'x' } });
    assert.deepEqual(errorOf(renamed), [403, 'PolicyNotAuthorized']);
    const made = await make(blue, 'ports', 'port', port);
    assert.deepEqual(errorOf(await red.ask('DELETE', `rbac-policies/${policy.id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
    assert.equal((await blue.ask('DELETE', `ports/${made.id}`)).status, 204);
    assert.equal((await red.ask('DELETE', `rbac-policies/${policy.id}`)).status, 204);
  });

  test('access to an external network stays while routers use it', async () => {
    const network = await make(admin, 'networks', 'network', { 'router:external': true });
    await make(admin, 'subnets', 'subnet', { network_id: network.id, cidr: '192.0.2.0/24', ip_version: 4 });
    const { rbac_policies: entries } = (await admin.ask('GET', `rbac-policies?object_id=${network.id}`)).body;
    const path = `rbac-policies/${entries[0].id}`;
    const router = await make(blue, 'routers', 'router', {
      external_gateway_info: { network_id: network.id },
    });
    assert.deepEqual(errorOf(await admin.ask('DELETE', path)), [409, 'RbacPolicyInUse']);
    const to = (target: string) => admin.ask('PUT', path, { rbac_policy: { target_tenant: target } });
    assert.deepEqual(errorOf(await to(red.projectId)), [409, 'RbacPolicyInUse']);
    assert.equal((await to(blue.projectId)).status, 200);
    assert.equal((await blue.ask('DELETE', `routers/${router.id}`)).status, 204);
    assert.equal((await admin.ask('DELETE', path)).status, 204);
    assert.equal((await admin.ask('GET', `networks/${network.id}`)).body.network['router:external'], false);
  });

  test('there is one default external network, and it stays open to all', async () => {
    const network = await make(admin, 'networks', 'network', { 'router:external': true, is_default: true });
    const plain = await make(admin, 'networks', 'network', { is_default: true });
    assert.deepEqual([network.is_default, plain.is_default], [true, false]);
    const change = async (id: string, given: object) =>
      admin.ask('PUT', `networks/${id}`, { network: given });
    const second = await change(plain.id, { 'router:external': true, is_default: true });
    assert.deepEqual(errorOf(second), [409, 'DefaultExternalNetworkExists']);
    assert.deepEqual(errorOf(await red.ask('POST', 'networks', { network: { is_default: true } })), [
      403,
      'PolicyNotAuthorized',
    ]);
    const { networks } = (await admin.ask('GET', 'networks?is_default=true')).body;
    assert.deepEqual(
      networks.map((one: { id: string }) => one.id),
      [network.id],
    );
    const { rbac_policies: entries } = (await admin.ask('GET', `rbac-policies?object_id=${network.id}`)).body;
    const path = `rbac-policies/${entries[0].id}`;
    assert.deepEqual(errorOf(await admin.ask('DELETE', path)), [409, 'RbacPolicyInUse']);
    assert.equal((await change(network.id, { is_default: false })).body.network.is_default, false);
    assert.equal((await admin.ask('DELETE', path)).status, 204);
    assert.equal((await change(plain.id, { 'router:external': true, is_default: true })).status, 200);
    const internal = (await change(plain.id, { 'router:external': false })).body.network;
    assert.deepEqual([internal.is_default, internal['router:external']], [false, false]);
  });

  test('a pool in a scope is given only to those who have the scope', async () => {
    const scope = await make(admin, 'address-scopes', 'address_scope', { ip_version: 4 });
    await grant(admin, 'address_scope', scope.id, red.projectId);
    const pool = await make(red, 'subnetpools', 'subnetpool', {
      name: 'p',
      prefixes: ['10.0.0.0/8'],
      address_scope_id: scope.id,
    });
    const toBlue = entry('subnetpool', pool.id, blue.projectId);
    assert.deepEqual(errorOf(await red.ask('POST', 'rbac-policies', toBlue)), [400, 'InvalidInput']);
    await grant(admin, 'address_scope', scope.id, '*');
    assert.equal((await red.ask('POST', 'rbac-policies', toBlue)).status, 201);
  });

  test('bad entries are refused and change nothing', async () => {
    const network = await make(red, 'networks', 'network', {});
    const group = await make(red, 'security-groups', 'security_group', {});
    const cases: readonly (readonly [Persona, object, number, string])[] = [
      [red, entry('network', network.id, '*'), 403, 'PolicyNotAuthorized'],
      [red, entry('network', network.id, '1234'.repeat(100)), 400, 'InvalidInput'],
      [
        red,
        { rbac_policy: { ...entry('network', network.id, '').rbac_policy, target_tenant: null } },
        400,
        'HTTPBadRequest',
      ],
      [red, entry('router', network.id, blue.projectId), 400, 'InvalidInput'],
      [red, entry('network', network.id, blue.projectId, 'access_as_friend'), 400, 'InvalidActionForType'],
      [
        red,
        entry('security_group', group.id, blue.projectId, 'access_as_external'),
        400,
        'InvalidActionForType',
      ],
      [red, entry('network', randomUUID(), blue.projectId), 404, 'NetworkNotFound'],
      [red, entry('security_group', network.id, blue.projectId), 404, 'SecurityGroupNotFound'],
      [blue, entry('network', network.id, blue.projectId), 404, 'NetworkNotFound'],
      [red, entry('network', 'here', blue.projectId), 400, 'HTTPBadRequest'],
      [red, { rbac_policy: { object_id: network.id } }, 400, 'HTTPBadRequest'],
    ];
    for (const [persona, body, status, type] of cases)
      assert.deepEqual(
        errorOf(await persona.ask('POST', 'rbac-policies', body)),
        [status, type],
        JSON.stringify(body),
      );
    const policy = await grant(red, 'network', network.id, blue.projectId);
    const same = await red.ask('POST', 'rbac-policies', entry('network', network.id, blue.projectId));
    assert.deepEqual(errorOf(same), [409, 'DuplicateRbacPolicy']);
    const foreign = await blue.ask('POST', 'rbac-policies', entry('network', network.id, randomUUID()));
    assert.deepEqual(errorOf(foreign), [400, 'InvalidInput']);
    for (const [change, status] of [
      [{ target_tenant: '*' }, 403],
      [{ action: 'access_as_external' }, 400],
    ] as const)
      assert.equal(
        (await red.ask('PUT', `rbac-policies/${policy.id}`, { rbac_policy: change })).status,
        status,
      );
    assert.deepEqual((await red.ask('GET', `rbac-policies?object_id=${network.id}`)).body.rbac_policies, [
      policy,
    ]);
  });

  test('entries go with their object and count in the quota', async () => {
    const green = await service.persona('gina', 'green', ['member']);
    const network = await make(green, 'networks', 'network', {});
    for (let count = 0; count < 10; count += 1) await grant(green, 'network', network.id, randomUUID());
    const over = await green.ask('POST', 'rbac-policies', entry('network', network.id, randomUUID()));
    assert.deepEqual(errorOf(over), [409, 'OverQuota']);
    assert.equal((await green.ask('DELETE', `networks/${network.id}`)).status, 204);
    assert.deepEqual((await green.ask('GET', 'rbac-policies')).body, { rbac_policies: [] });
  });
});
