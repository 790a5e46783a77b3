import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const put = async (stack: OvnStack, path: string, body: object): Promise<void> => {
  const answer = await stack.ask('PUT', path, body);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
};

/** A policy with limits both ways. */
async function policyOf(stack: OvnStack, out: number, into: number): Promise<string> {
  const { id } = await stack.make('qos/policies', { policy: {} });
  const path = `qos/policies/${id}/bandwidth_limit_rules`;
  await stack.make(path, { bandwidth_limit_rule: { max_kbps: out, direction: 'egress' } });
  await stack.make(path, { bandwidth_limit_rule: { max_kbps: into, direction: 'ingress' } });
  return id;
}

/** A port behind a router that leads to an external network. */
async function surroundings(stack: OvnStack) {
  const wire = { 'provider:network_type': 'flat', 'provider:physical_network': 'physnet1' };
  const outside = await stack.make('networks', { network: { 'router:external': true, ...wire } });
  const inside = await stack.make('networks', { network: {} });
  const subnet = (network: string, cidr: string) =>
    stack.make('subnets', { subnet: { network_id: network, ip_version: 4, cidr } });
  await subnet(outside.id, '192.0.2.0/24');
  const inner = await subnet(inside.id, '10.0.0.0/24');
  const router = await stack.make('routers', {
    router: { external_gateway_info: { network_id: outside.id } },
  });
  await put(stack, `routers/${router.id}/add_router_interface`, { subnet_id: inner.id });
  const port = await stack.make('ports', { port: { network_id: inside.id } });
  const gateways = await stack.ask('GET', 'ports?device_owner=network:router_gateway');
  const gateway: string = gateways.body.ports[0].id;
  return { outside: String(outside.id), router: String(router.id), port: String(port.id), gateway };
}

/** Direction, priority, match and rate of all rows of QoS, which all hang on the switch; the database holds no more than SQL says. */
async function limitsOn(stack: OvnStack, network: string) {
  const nb = await stack.see();
  const rows = [...nb.QoS.rows()];
  const held = nb.Logical_Switch.get(network)?.qos_rules ?? new Set();
  assert.deepEqual([...held].toSorted(), rows.map((row) => row._uuid).toSorted());
  assert.deepEqual(await stack.drift(), []);
  assert.deepEqual(contentOf(nb), await stack.fresh());
  return rows.map((row) => [row.direction, row.priority, row.match, row.bandwidth.get('rate')]).toSorted();
}

forEachDialect('quality of service of routing in the Northbound database', (databases) => {
  it('is rows of the external switch that follow floating IPs, their policies and their networks', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { outside, router, port, gateway } = await surroundings(stack);
    const [own, shared] = [await policyOf(stack, 1000, 2000), await policyOf(stack, 3000, 4000)];
    const body = { floating_network_id: outside, qos_policy_id: own };
    const made = await stack.make('floatingips', { floatingip: body });
    const path = `floatingips/${made.id}`;
    const change = (given: object) => put(stack, path, { floatingip: given });
    const resident = `is_chassis_resident("cr-lrp-${gateway}")`;
    const address = made.floating_ip_address;
    const rates = (out: number, into: number) => [
      ['from-lport', 2003, `inport == "${gateway}" && ip4.src == ${address} && ${resident}`, out],
      ['to-lport', 2003, `outport == "${gateway}" && ip4.dst == ${address} && ${resident}`, into],
    ];
    assert.deepEqual(await limitsOn(stack, outside), [], 'nothing is translated');
    await change({ port_id: port });
    assert.deepEqual(await limitsOn(stack, outside), rates(1000, 2000));
    const [rule] = (await stack.ask('GET', `qos/policies/${own}/bandwidth_limit_rules?direction=egress`)).body
      .bandwidth_limit_rules;
    const faster = { alias_bandwidth_limit_rule: { max_kbps: 1500 } };
    await put(stack, `qos/alias_bandwidth_limit_rules/${rule.id}`, faster);
    assert.deepEqual(await limitsOn(stack, outside), rates(1500, 2000));
    await put(stack, `networks/${outside}`, { network: { qos_policy_id: shared } });
    const whole = [
      ['from-lport', 2002, `inport == "${gateway}"`, 3000],
      ['to-lport', 2002, `outport == "${gateway}"`, 4000],
    ];
    assert.deepEqual(await limitsOn(stack, outside), [...whole, ...rates(1500, 2000)].toSorted());
    await change({ qos_policy_id: null });
    assert.deepEqual(await limitsOn(stack, outside), [...whole, ...rates(3000, 4000)].toSorted());
    await put(stack, `networks/${outside}`, { network: { qos_policy_id: null } });
    assert.deepEqual(await limitsOn(stack, outside), []);
    await change({ qos_policy_id: shared });
    assert.deepEqual(await limitsOn(stack, outside), rates(3000, 4000));
    await change({ port_id: null });
    assert.deepEqual(await limitsOn(stack, outside), []);
    await change({ port_id: port });
    assert.deepEqual(await limitsOn(stack, outside), rates(3000, 4000));
    assert.equal((await stack.ask('DELETE', path)).status, 204);
    assert.deepEqual(await limitsOn(stack, outside), []);
    await put(stack, `routers/${router}`, { router: { external_gateway_info: null } });
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });

  it('is rows of the external switch that follow gateways', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { outside, router, gateway } = await surroundings(stack);
    const [one, two] = [await policyOf(stack, 1000, 2000), await policyOf(stack, 3000, 4000)];
    const set = (info: object | null) =>
      put(stack, `routers/${router}`, { router: { external_gateway_info: info } });
    const rates = (out: number, into: number, port = gateway) => [
      ['from-lport', 2002, `inport == "${port}"`, out],
      ['to-lport', 2002, `outport == "${port}"`, into],
    ];
    await set({ network_id: outside, qos_policy_id: one });
    assert.deepEqual(await limitsOn(stack, outside), rates(1000, 2000));
    await set({ network_id: outside, qos_policy_id: two });
    assert.deepEqual(await limitsOn(stack, outside), rates(3000, 4000));
    const another = { router: { external_gateways: [{ network_id: outside, qos_policy_id: one }] } };
    await put(stack, `routers/${router}/add_external_gateways`, another);
    const { ports } = (await stack.ask('GET', 'ports?device_owner=network:router_gateway')).body;
    const second = ports.find(({ id }: { id: string }) => id !== gateway).id;
    const both = [...rates(3000, 4000), ...rates(1000, 2000, second)].toSorted();
    assert.deepEqual(await limitsOn(stack, outside), both);
    await set(null);
    assert.deepEqual(await limitsOn(stack, outside), rates(1000, 2000, second));
    await set(null);
    assert.deepEqual(await limitsOn(stack, outside), []);
  });

  it('is mended when somebody else edits it', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { outside, router, port } = await surroundings(stack);
    const policy = await policyOf(stack, 1000, 2000);
    const info = { network_id: outside, qos_policy_id: policy };
    await put(stack, `routers/${router}`, { router: { external_gateway_info: info } });
    const lead = { floating_network_id: outside, port_id: port, qos_policy_id: policy };
    await stack.make('floatingips', { floatingip: lead });
    const before = contentOf(await stack.see());
    const { operations } = stack.observer;
    const held = (await stack.see()).Logical_Switch.get(outside)?.qos_rules ?? new Set<string>();
    assert.equal(held.size, 4);
    const edits = [
      ...[...held].map((row) =>
        operations.update('QoS', [['_uuid', '==', row]], { bandwidth: new Map([['rate', 5]]) }),
      ),
      operations.update('Logical_Switch', [['_uuid', '==', outside]], { qos_rules: new Set() }),
    ];
    for (const edit of edits) {
      await stack.observer.transact([edit]);
      assert.notDeepEqual(await stack.drift(), []);
      await stack.app.ovn?.resync();
      assert.deepEqual(contentOf(await stack.see()), before);
    }
  });
});
