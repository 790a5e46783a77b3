import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { ApiAnswer, Persona } from '../testing/api-service.ts';
import { forEachDialect } from '../testing/databases.ts';
import { openQosWorld, type QosWorld } from '../testing/qos-world.ts';

const errorOf = ({ status, body }: ApiAnswer) => [status, body?.NeutronError?.type];
type Made = ReturnType<typeof JSON.parse>;

forEachDialect('quality of service of floating IPs and gateways', (databases) => {
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

  /** An external network, and a subnet of it. */
  const outside = async (octet: number, given: object = {}): Promise<string> => {
    const network = await make(admin, 'networks', { network: { 'router:external': true, ...given } });
    const subnet = { network_id: network.id, ip_version: 4, cidr: `198.18.${octet}.0/24` };
    await make(admin, 'subnets', { subnet });
    return network.id;
  };

  test('floating IPs have policies, which then stay', async () => {
    const [one, two, ofNetwork] = [await policy(), await policy(), await policy({}, admin)];
    const network = await outside(1, { qos_policy_id: ofNetwork.id });
    const body = { floating_network_id: network };
    const bare = await make(red, 'floatingips', { floatingip: body });
    assert.deepEqual([bare.qos_policy_id, bare.qos_network_policy_id], [null, ofNetwork.id]);
    const made = await make(red, 'floatingips', { floatingip: { ...body, qos_policy_id: one.id } });
    assert.deepEqual([made.qos_policy_id, made.qos_network_policy_id], [one.id, ofNetwork.id]);
    const path = `floatingips/${made.id}`;
    const set = (qos_policy_id: string | null, persona = red) =>
      persona.ask('PUT', path, { floatingip: { qos_policy_id } });
    assert.deepEqual(errorOf(await manager.ask('DELETE', `qos/policies/${one.id}`)), [409, 'QosPolicyInUse']);
    const changed = (await set(two.id)).body.floatingip;
    assert.deepEqual([changed.qos_policy_id, changed.revision_number], [two.id, made.revision_number + 1]);
    assert.deepEqual((await red.ask('GET', path)).body.floatingip, changed);
    assert.deepEqual((await set(two.id)).body.floatingip, changed);
    assert.equal((await manager.ask('DELETE', `qos/policies/${one.id}`)).status, 204);
    for (const wrong of [randomUUID(), ofNetwork.id]) {
      const given = { floatingip: { ...body, qos_policy_id: wrong } };
      assert.deepEqual(errorOf(await red.ask('POST', 'floatingips', given)), [404, 'QosPolicyNotFound']);
      assert.deepEqual(errorOf(await set(wrong)), [404, 'QosPolicyNotFound']);
    }
    assert.equal((await red.ask('PUT', path, { floatingip: { qos_policy_id: 'x' } })).status, 400);
    assert.deepEqual((await red.ask('GET', path)).body.floatingip, changed);
    assert.equal((await set(ofNetwork.id, admin)).status, 200);
    assert.deepEqual(errorOf(await set(null)), [404, 'QosPolicyNotFound'], 'a policy that is not seen stays');
    assert.equal((await set(null, admin)).body.floatingip.qos_policy_id, null);
    assert.equal((await manager.ask('DELETE', `qos/policies/${two.id}`)).status, 204);
  });

  test('gateways have policies, which stay with the gateway and leave with it', async () => {
    const [one, two] = [await policy(), await policy()];
    const [network, other] = [await outside(2), await outside(3)];
    const gateway = { network_id: network, qos_policy_id: one.id };
    const made = await make(red, 'routers', { router: { external_gateway_info: gateway } });
    assert.equal(made.external_gateway_info.qos_policy_id, one.id);
    const path = `routers/${made.id}`;
    const set = async (info: object | null, persona = red) =>
      persona.ask('PUT', path, { router: { external_gateway_info: info } });
    const info = async () => (await red.ask('GET', path)).body.router.external_gateway_info;
    assert.deepEqual(errorOf(await manager.ask('DELETE', `qos/policies/${one.id}`)), [409, 'QosPolicyInUse']);
    const same = (await set({ network_id: network })).body.router;
    assert.deepEqual(same, made, 'what is not named stays');
    const changed = (await set({ network_id: network, qos_policy_id: two.id })).body.router;
    assert.equal(changed.external_gateway_info.qos_policy_id, two.id);
    assert.equal(changed.revision_number, made.revision_number + 1);
    assert.equal((await set({ network_id: other })).body.router.external_gateway_info.qos_policy_id, two.id);
    const theirs = await policy({}, admin);
    for (const wrong of [randomUUID(), theirs.id])
      assert.deepEqual(errorOf(await set({ network_id: other, qos_policy_id: wrong })), [
        404,
        'QosPolicyNotFound',
      ]);
    assert.equal((await set({ network_id: other, qos_policy_id: 'x' })).status, 400);
    assert.equal((await info()).qos_policy_id, two.id);
    assert.equal((await set({ network_id: other, qos_policy_id: theirs.id }, admin)).status, 200);
    assert.deepEqual(errorOf(await set({ network_id: other, qos_policy_id: null })), [
      404,
      'QosPolicyNotFound',
    ]);
    assert.equal((await set(null)).status, 200);
    assert.equal((await set({ network_id: other })).status, 200);
    assert.equal('qos_policy_id' in (await info()), false, 'the policy left with the gateway');
    for (const { id } of [one, two])
      assert.equal((await manager.ask('DELETE', `qos/policies/${id}`)).status, 204);
  });

  test('each of several gateways has a policy of its own', async () => {
    const [one, two, ofNetwork] = [await policy(), await policy(), await policy({}, admin)];
    const [first, second] = [await outside(4), await outside(5, { qos_policy_id: ofNetwork.id })];
    const router = await make(red, 'routers', { router: {} });
    const ask = async (action: string, gateways: readonly object[]): Promise<Made> => {
      const path = `routers/${router.id}/${action}_external_gateways`;
      const answer = await red.ask('PUT', path, { router: { external_gateways: gateways } });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body.router.external_gateways.map((each: Made) => each.qos_policy_id);
    };
    const gateways = [{ network_id: first, qos_policy_id: one.id }, { network_id: second }];
    assert.deepEqual(await ask('add', gateways), [one.id, null]);
    const swapped = [{ network_id: first }, { network_id: second, qos_policy_id: two.id }];
    assert.deepEqual(await ask('update', swapped), [one.id, two.id]);
    const cleared = [{ network_id: first, qos_policy_id: null }, { network_id: second }];
    assert.deepEqual(await ask('update', cleared), [undefined, two.id]);
    assert.deepEqual(errorOf(await manager.ask('DELETE', `qos/policies/${two.id}`)), [409, 'QosPolicyInUse']);
    assert.deepEqual(await ask('remove', [{ network_id: second }]), [undefined]);
    for (const { id } of [one, two])
      assert.equal((await manager.ask('DELETE', `qos/policies/${id}`)).status, 204);
  });

  test('a shared policy stays shared while floating IPs and routers of others have it', async () => {
    const made = await policy({ shared: true }, admin);
    const network = await outside(6);
    const body = { floating_network_id: network, qos_policy_id: made.id };
    const floatingIp = await make(blue, 'floatingips', { floatingip: body });
    const close = { policy: { shared: false } };
    const refused = [409, 'InvalidSharedSetting'];
    const closing = () => admin.ask('PUT', `qos/policies/${made.id}`, close);
    assert.deepEqual(errorOf(await closing()), refused);
    assert.equal((await blue.ask('DELETE', `floatingips/${floatingIp.id}`)).status, 204);
    const gateway = { network_id: network, qos_policy_id: made.id };
    const router = await make(blue, 'routers', { router: { external_gateway_info: gateway } });
    assert.deepEqual(errorOf(await closing()), refused);
    assert.equal((await blue.ask('DELETE', `routers/${router.id}`)).status, 204);
    assert.equal((await closing()).status, 200);
    assert.equal((await admin.ask('DELETE', `qos/policies/${made.id}`)).status, 204);
  });
});
