import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { uuid5 } from '../core/uuid5.ts';
import type { ApiAnswer, Persona } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';
import { openQosWorld, type QosWorld } from '../testing/qos-world.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;

forEachDialect('quality of service', (databases) => {
  let world: QosWorld;
  let admin: Persona;
  let red: Persona;
  let manager: Persona;
  let blue: Persona;
  before(async () => {
    world = await openQosWorld(await databases.freshUrl());
    ({ admin, red, manager, blue } = world);
  });
  after(() => world[Symbol.asyncDispose]());

  const make: QosWorld['make'] = (...given) => world.make(...given);
  const policy: QosWorld['policy'] = (...given) => world.policy(...given);
  const limit = (id: string, given: object) =>
    manager.ask('POST', `qos/policies/${id}/bandwidth_limit_rules`, { bandwidth_limit_rule: given });
  const shown = async (id: string, persona = manager): Promise<Made> =>
    (await persona.ask('GET', `qos/policies/${id}`)).body.policy;

  test('policies are made, shown, listed, updated and deleted', async () => {
    const made = await policy({ name: 'gold', description: 'd' });
    assert.deepEqual(
      [made.shared, made.is_default, made.rules, made.tags, made.project_id],
      [false, false, [], [], red.projectId],
    );
    assert.deepEqual(await shown(made.id, red), made);
    assert.deepEqual((await red.ask('GET', 'qos/policies?name=gold')).body.policies, [made]);
    assert.deepEqual(errorOf(await blue.ask('GET', `qos/policies/${made.id}`)), [404, 'QosPolicyNotFound']);
    const change = { policy: { name: 'silver' } };
    const updated = (await manager.ask('PUT', `qos/policies/${made.id}`, change)).body.policy;
    assert.deepEqual([updated.name, updated.description], ['silver', 'd']);
    assert.equal(updated.revision_number, made.revision_number + 1);
    assert.equal((await red.ask('PUT', `qos/policies/${made.id}`, change)).status, 403);
    assert.equal((await red.ask('POST', 'qos/policies', { policy: {} })).status, 403);
    assert.equal((await red.ask('DELETE', `qos/policies/${made.id}`)).status, 403);
    assert.equal((await manager.ask('DELETE', `qos/policies/${made.id}`)).status, 204);
    assert.equal((await manager.ask('GET', `qos/policies/${made.id}`)).status, 404);
  });

  test('a page goes on from a policy of others, and shows none of theirs', async () => {
    const [first, second] = [await policy({ name: 'page 1' }), await policy({ name: 'page 2' })];
    const path = `qos/policies?sort_key=name&sort_dir=asc&limit=5&marker=${first.id}`;
    const names = async (persona: Persona) =>
      (await persona.ask('GET', path)).body.policies.map(({ name }: Made) => name);
    assert.ok((await names(red)).includes(second.name));
    assert.deepEqual(await names(blue), []);
    const lost = await red.ask('GET', `qos/policies?limit=1&marker=${randomUUID()}`);
    assert.deepEqual(errorOf(lost), [404, 'QosPolicyNotFound']);
  });

  test('rules of every type come, change and go, below the policy and by alias', async () => {
    const { id } = await policy();
    const cases = [
      ['bandwidth_limit', { max_kbps: 1000 }, { max_burst_kbps: 0, direction: 'egress' }, { max_kbps: 2000 }],
      ['dscp_marking', { dscp_mark: 0 }, {}, { dscp_mark: 46 }],
      ['minimum_bandwidth', { min_kbps: '500' }, { min_kbps: 500, direction: 'egress' }, { min_kbps: 0 }],
    ] as const;
    for (const [type, given, filled, change] of cases) {
      const [name, path] = [`${type}_rule`, `qos/policies/${id}/${type}_rules`];
      const rule = await make(manager, path, { [name]: given });
      assert.deepEqual(rule, { id: rule.id, ...given, ...filled });
      assert.deepEqual((await red.ask('GET', path)).body, { [`${name}s`]: [rule] });
      assert.deepEqual((await red.ask('GET', `${path}/${rule.id}`)).body, { [name]: rule });
      const alias = `qos/alias_${type}_rules/${rule.id}`;
      assert.deepEqual((await red.ask('GET', alias)).body, { [`alias_${name}`]: rule });
      assert.deepEqual((await manager.ask('PUT', `${path}/${rule.id}`, { [name]: change })).body, {
        [name]: { ...rule, ...change },
      });
      const back = (await manager.ask('PUT', alias, { [`alias_${name}`]: given })).body;
      assert.deepEqual(back, { [`alias_${name}`]: rule });
      assert.equal((await red.ask('PUT', alias, { [`alias_${name}`]: given })).status, 403);
      assert.deepEqual(errorOf(await blue.ask('GET', alias)), [404, 'QosRuleNotFound']);
      assert.equal((await red.ask('POST', path, { [name]: given })).status, 403);
    }
    const { rules } = await shown(id);
    assert.deepEqual(
      rules.map((rule: Made) => [rule.type, rule.direction, rule.dscp_mark]),
      [
        ['bandwidth_limit', 'egress', undefined],
        ['dscp_marking', undefined, 0],
        ['minimum_bandwidth', 'egress', undefined],
      ],
    );
    const other = `qos/alias_dscp_marking_rules/${rules[0].id}`;
    assert.deepEqual(errorOf(await manager.ask('GET', other)), [404, 'QosRuleNotFound']);
    const [first, second] = rules;
    assert.equal(
      (await manager.ask('DELETE', `qos/policies/${id}/bandwidth_limit_rules/${first.id}`)).status,
      204,
    );
    assert.equal((await manager.ask('DELETE', `qos/alias_dscp_marking_rules/${second.id}`)).status, 204);
    assert.equal((await shown(id)).rules.length, 1);
  });

  test('rules that contradict each other or make no sense are refused, and change nothing', async () => {
    const { id } = await policy();
    await limit(id, { max_kbps: 1000 });
    await limit(id, { max_kbps: 1000, direction: 'ingress' });
    const before = await shown(id);
    const rulesPath = `qos/policies/${id}`;
    const minimum = (given: object, policyId = id) =>
      manager.ask('POST', `qos/policies/${policyId}/minimum_bandwidth_rules`, {
        minimum_bandwidth_rule: given,
      });
    const mark = (value: unknown) =>
      manager.ask('POST', `${rulesPath}/dscp_marking_rules`, { dscp_marking_rule: { dscp_mark: value } });
    const [egress] = before.rules;
    const one = `${rulesPath}/bandwidth_limit_rules`;
    const change = { bandwidth_limit_rule: { direction: 'ingress' } };
    const answers: readonly (readonly [ApiAnswer, number, string])[] = [
      [await limit(id, { max_kbps: 5 }), 409, 'QoSRulesConflict'],
      [await manager.ask('PUT', `${one}/${egress.id}`, change), 409, 'QoSRulesConflict'],
      [await minimum({ min_kbps: 1001 }), 409, 'QoSRuleParameterConflict'],
      [await minimum({ min_kbps: 1, direction: 'any' }), 400, 'HTTPBadRequest'],
      [await minimum({}), 400, 'HTTPBadRequest'],
      [await limit(id, { max_kbps: -1 }), 400, 'HTTPBadRequest'],
      [await limit(id, { max_kbps: 2 ** 31 }), 400, 'HTTPBadRequest'],
      [await mark(1), 400, 'HTTPBadRequest'],
      [await mark(64), 400, 'HTTPBadRequest'],
      [await limit(randomUUID(), { max_kbps: 1 }), 404, 'QosPolicyNotFound'],
      [await manager.ask('GET', `${one}/${randomUUID()}`), 404, 'QosRuleNotFound'],
      [await manager.ask('PUT', `${one}/${randomUUID()}`, change), 404, 'QosRuleNotFound'],
      [await manager.ask('DELETE', `${one}/${randomUUID()}`), 404, 'QosRuleNotFound'],
      [
        await manager.ask('POST', 'qos/policies', { policy: { name: 'x'.repeat(256) } }),
        400,
        'HTTPBadRequest',
      ],
    ];
    for (const [index, [answer, status, type]] of answers.entries())
      assert.deepEqual(errorOf(answer), [status, type], `${index}: ${JSON.stringify(answer.body)}`);
    assert.deepEqual(await shown(id), before);
  });

  test('ports and networks have policies, which then stay', async () => {
    const [one, two] = [await policy(), await policy()];
    const network = await make(red, 'networks', { network: { qos_policy_id: one.id } });
    assert.equal(network.qos_policy_id, one.id);
    const body = { network_id: network.id };
    const port = await make(red, 'ports', { port: body });
    assert.deepEqual([port.qos_policy_id, port.qos_network_policy_id], [null, one.id]);
    const set = { port: { qos_policy_id: two.id } };
    const changed = (await red.ask('PUT', `ports/${port.id}`, set)).body.port;
    assert.deepEqual([changed.qos_policy_id, changed.qos_network_policy_id], [two.id, one.id]);
    assert.ok(changed.revision_number > port.revision_number);
    assert.deepEqual((await red.ask('GET', `ports/${port.id}`)).body.port, changed);
    for (const { id } of [one, two])
      assert.deepEqual(errorOf(await manager.ask('DELETE', `qos/policies/${id}`)), [409, 'QosPolicyInUse']);
    const unset = { port: { qos_policy_id: null } };
    assert.equal((await red.ask('PUT', `ports/${port.id}`, unset)).body.port.qos_policy_id, null);
    assert.equal((await manager.ask('DELETE', `qos/policies/${two.id}`)).status, 204);
    const freed = { network: { qos_policy_id: null } };
    const bare = (await red.ask('PUT', `networks/${network.id}`, freed)).body.network;
    assert.deepEqual([bare.qos_policy_id, bare.revision_number], [null, network.revision_number + 1]);
    assert.equal((await manager.ask('DELETE', `qos/policies/${one.id}`)).status, 204);
    for (const wrong of [randomUUID(), (await policy({ project_id: blue.projectId }, admin)).id]) {
      const given = { ...body, qos_policy_id: wrong };
      assert.deepEqual(errorOf(await red.ask('POST', 'ports', { port: given })), [404, 'QosPolicyNotFound']);
      assert.deepEqual(errorOf(await red.ask('POST', 'networks', { network: { qos_policy_id: wrong } })), [
        404,
        'QosPolicyNotFound',
      ]);
    }
    const theirs = await policy({}, admin);
    const setByAdmin = { port: { qos_policy_id: theirs.id } };
    assert.equal((await admin.ask('PUT', `ports/${port.id}`, setByAdmin)).status, 200);
    assert.deepEqual(errorOf(await red.ask('PUT', `ports/${port.id}`, unset)), [
      403,
      'PolicyRemoveAuthorizationError',
    ]);
  });

  test('a project has one default, which its new networks get', async () => {
    const made = await policy({ is_default: true });
    const again = await manager.ask('POST', 'qos/policies', { policy: { is_default: true } });
    assert.deepEqual(errorOf(again), [409, 'QoSPolicyDefaultAlreadyExists']);
    const other = await policy();
    const change = { policy: { is_default: true } };
    assert.deepEqual(errorOf(await manager.ask('PUT', `qos/policies/${other.id}`, change)), [
      409,
      'QoSPolicyDefaultAlreadyExists',
    ]);
    assert.equal((await make(red, 'networks', { network: {} })).qos_policy_id, made.id);
    const own = await make(red, 'networks', { network: { qos_policy_id: other.id } });
    assert.equal(own.qos_policy_id, other.id);
    assert.equal((await make(blue, 'networks', { network: {} })).qos_policy_id, null);
  });

  test('policies are shared with all, or with one project', async () => {
    const made = await policy({ shared: true }, admin);
    assert.equal((await shown(made.id, blue)).shared, true);
    const network = await make(blue, 'networks', { network: { qos_policy_id: made.id } });
    const close = { policy: { shared: false } };
    assert.deepEqual(errorOf(await admin.ask('PUT', `qos/policies/${made.id}`, close)), [
      409,
      'InvalidSharedSetting',
    ]);
    const { rbac_policies: entries } = (await admin.ask('GET', `rbac-policies?object_id=${made.id}`)).body;
    assert.deepEqual(errorOf(await admin.ask('DELETE', `rbac-policies/${entries[0].id}`)), [
      409,
      'RbacPolicyInUse',
    ]);
    const entry = { object_type: 'qos_policy', action: 'access_as_shared', target_tenant: blue.projectId };
    await make(admin, 'rbac-policies', { rbac_policy: { ...entry, object_id: made.id } });
    assert.equal((await admin.ask('PUT', `qos/policies/${made.id}`, close)).body.policy.shared, false);
    assert.equal((await blue.ask('GET', `qos/policies/${made.id}`)).status, 200);
    assert.equal((await red.ask('GET', `qos/policies/${made.id}`)).status, 404);
    assert.equal((await blue.ask('DELETE', `networks/${network.id}`)).status, 204);
    assert.equal((await admin.ask('DELETE', `qos/policies/${made.id}`)).status, 204);
    assert.deepEqual((await admin.ask('GET', `rbac-policies?object_id=${made.id}`)).body.rbac_policies, []);
  });

  test('rules about packet rates are kept, and never given to what cannot have them', async () => {
    const made = await policy();
    const at = (type: string) => `qos/policies/${made.id}/${type}_rules`;
    const cases = [
      ['packet_rate_limit', { max_kpps: 5 }, { max_burst_kpps: 0, direction: 'egress' }, { max_kpps: 6 }],
      ['minimum_packet_rate', { min_kpps: 5 }, { direction: 'egress' }, { direction: 'any' }],
    ] as const;
    for (const [type, given, filled, change] of cases) {
      const name = `${type}_rule`;
      const rule = await make(manager, at(type), { [name]: given });
      assert.deepEqual(rule, { id: rule.id, ...given, ...filled });
      assert.deepEqual((await red.ask('GET', at(type))).body, { [`${name}s`]: [rule] });
      const changed = (await manager.ask('PUT', `${at(type)}/${rule.id}`, { [name]: change })).body;
      assert.deepEqual(changed, { [name]: { ...rule, ...change } });
      assert.equal((await manager.ask('POST', at(type), { [name]: {} })).status, 400);
    }
    const { rules } = await shown(made.id);
    const [minimum] = rules;
    assert.deepEqual([minimum.type, minimum.direction, minimum.min_kpps], ['minimum_packet_rate', 'any', 5]);
    const second = { minimum_packet_rate_rule: { min_kpps: 1, direction: 'ingress' } };
    const clash = await manager.ask('POST', at('minimum_packet_rate'), second);
    assert.deepEqual(errorOf(clash), [409, 'QoSRuleParameterConflict']);
    const alias = `qos/alias_minimum_packet_rate_rules/${minimum.id}`;
    const back = { alias_minimum_packet_rate_rule: { direction: 'egress' } };
    assert.equal((await manager.ask('PUT', alias, back)).status, 200);
    assert.equal((await red.ask('PUT', alias, back)).status, 403);
    assert.deepEqual(errorOf(await blue.ask('GET', alias)), [404, 'QosRuleNotFound']);
    await make(manager, at('minimum_packet_rate'), second);
    const network = await make(red, 'networks', { network: { qos_policy_id: null } });
    const set = { qos_policy_id: made.id };
    const port = { port: { network_id: network.id, ...set } };
    assert.deepEqual(errorOf(await red.ask('POST', 'ports', port)), [409, 'QosRuleNotSupported']);
    for (const answer of [
      await red.ask('POST', 'networks', { network: set }),
      await red.ask('PUT', `networks/${network.id}`, { network: set }),
    ])
      assert.deepEqual(errorOf(answer), [409, 'QosRuleNotSupportedByNetwork']);
    assert.equal((await manager.ask('DELETE', alias)).status, 204);
  });

  test('a policy that is used gets no rules about packets', async () => {
    const [ofPort, ofNetwork] = [await policy(), await policy()];
    const network = await make(red, 'networks', { network: { qos_policy_id: ofNetwork.id } });
    await make(red, 'ports', { port: { network_id: network.id, qos_policy_id: ofPort.id } });
    for (const [{ id }, type] of [
      [ofPort, 'QosRuleNotSupported'],
      [ofNetwork, 'QosRuleNotSupportedByNetwork'],
    ] as const) {
      const body = { packet_rate_limit_rule: { max_kpps: 1 } };
      const path = `qos/policies/${id}/packet_rate_limit_rules`;
      assert.deepEqual(errorOf(await manager.ask('POST', path, body)), [409, type]);
      assert.deepEqual((await shown(id)).rules, []);
    }
  });

  test('ports tell administrators what they need of Placement', async () => {
    const made = await policy();
    const promise = (given: object) =>
      make(manager, `qos/policies/${made.id}/minimum_bandwidth_rules`, { minimum_bandwidth_rule: given });
    const network = await make(red, 'networks', { network: { qos_policy_id: null } });
    const body = { network_id: network.id, qos_policy_id: made.id };
    const port = await make(red, 'ports', { port: body });
    const request = async () => (await admin.ask('GET', `ports/${port.id}`)).body.port.resource_request;
    assert.equal(await request(), null);
    assert.equal('resource_request' in port, false);
    const rules = [
      await promise({ min_kbps: 700 }),
      await promise({ min_kbps: 300, direction: 'ingress' }),
    ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const id = uuid5(port.id, rules.map((rule) => rule.id).join(':'));
    assert.deepEqual(await request(), {
      request_groups: [
        {
          id,
          required: ['CUSTOM_NETWORK_TUNNEL_PROVIDER', 'CUSTOM_VNIC_TYPE_NORMAL'],
          resources: { NET_BW_EGR_KILOBIT_PER_SEC: 700, NET_BW_IGR_KILOBIT_PER_SEC: 300 },
        },
      ],
      same_subtree: [id],
    });
    const wire = { 'provider:network_type': 'vlan', 'provider:physical_network': 'physnet' };
    const vlan = await make(admin, 'networks', { network: { ...wire, qos_policy_id: made.id } });
    const given = { network_id: vlan.id, 'binding:vnic_type': 'direct' };
    const direct = await make(admin, 'ports', { port: given });
    const [group] = direct.resource_request.request_groups;
    assert.deepEqual(group.required, ['CUSTOM_PHYSNET_PHYSNET', 'CUSTOM_VNIC_TYPE_DIRECT']);
    const off = (await admin.ask('PUT', `networks/${vlan.id}`, { network: { qos_policy_id: null } })).status;
    assert.equal(off, 200);
    const listed = (await admin.ask('GET', `ports?id=${direct.id}&fields=resource_request`)).body.ports;
    assert.deepEqual(listed, [{ resource_request: null }]);
  });

  test('rule types are listed, and one tells its parameters', async () => {
    assert.deepEqual((await red.ask('GET', 'qos/rule-types')).body.rule_types, [
      { type: 'bandwidth_limit' },
      { type: 'dscp_marking' },
      { type: 'minimum_bandwidth' },
    ]);
    const every = (await red.ask('GET', 'qos/rule-types?all_rules=true')).body.rule_types;
    assert.deepEqual(
      every.map((each: Made) => each.type),
      ['bandwidth_limit', 'dscp_marking', 'minimum_bandwidth', 'minimum_packet_rate', 'packet_rate_limit'],
    );
    const supported = (await red.ask('GET', 'qos/rule-types?all_supported=True')).body.rule_types;
    assert.equal(supported.length, 3);
    assert.equal((await red.ask('GET', 'qos/rule-types?all_rules=false')).body.rule_types.length, 3);
    assert.equal((await red.ask('GET', 'qos/rule-types/dscp_marking')).status, 403);
    const one = (await admin.ask('GET', 'qos/rule-types/dscp_marking')).body.rule_type;
    assert.equal(one.drivers[0].supported_parameters[0].parameter_values[0], 0);
    assert.equal((await admin.ask('GET', 'qos/rule-types/none')).status, 404);
  });
});
