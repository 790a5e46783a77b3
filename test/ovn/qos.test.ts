import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { startOvnStack } from './stack.ts';

forEachDialect('quality of service in the Northbound database', (databases) => {
  it('is rows of the switch that follow rules, ports and networks', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const policy = () => stack.make('qos/policies', { policy: {} });
    const [own, shared] = [await policy(), await policy()];
    const rule = (id: string, type: string, given: object) =>
      stack.make(`qos/policies/${id}/${type}_rules`, { [`${type}_rule`]: given });
    const network = await stack.make('networks', { network: { qos_policy_id: shared.id } });
    const port = await stack.make('ports', { port: { network_id: network.id } });
    const limits = async () => {
      const nb = await stack.see();
      const rows = [...nb.QoS.rows()].map((row) => [
        row.direction,
        row.match,
        Object.fromEntries(row.bandwidth),
        Object.fromEntries(row.action),
      ]);
      const held = nb.Logical_Switch.get(network.id)?.qos_rules.size;
      assert.equal(held, rows.length);
      assert.deepEqual(await stack.drift(), []);
      assert.deepEqual(contentOf(nb), await stack.fresh());
      return rows.toSorted();
    };
    const out = `inport == "${port.id}"`;
    const into = `outport == "${port.id}"`;
    assert.deepEqual(await limits(), []);
    const mark = await rule(shared.id, 'dscp_marking', { dscp_mark: 0 });
    assert.deepEqual(await limits(), [['from-lport', out, {}, { dscp: 0 }]]);
    const limit = await rule(shared.id, 'bandwidth_limit', { max_kbps: 3000, max_burst_kbps: 300 });
    await rule(own.id, 'bandwidth_limit', { max_kbps: 1000, direction: 'ingress' });
    assert.deepEqual(await limits(), [['from-lport', out, { rate: 3000, burst: 300 }, { dscp: 0 }]]);
    const update = { bandwidth_limit_rule: { max_kbps: 4000, max_burst_kbps: 0 } };
    await stack.ask('PUT', `qos/policies/${shared.id}/bandwidth_limit_rules/${limit.id}`, update);
    assert.deepEqual(await limits(), [['from-lport', out, { rate: 4000 }, { dscp: 0 }]]);
    await stack.ask('PUT', `ports/${port.id}`, { port: { qos_policy_id: own.id } });
    assert.deepEqual(await limits(), [['to-lport', into, { rate: 1000 }, {}]]);
    await stack.ask('PUT', `ports/${port.id}`, { port: { qos_policy_id: null } });
    await stack.ask('DELETE', `qos/alias_dscp_marking_rules/${mark.id}`);
    assert.deepEqual(await limits(), [['from-lport', out, { rate: 4000 }, {}]]);
    await stack.ask('PUT', `networks/${network.id}`, { network: { qos_policy_id: own.id } });
    assert.deepEqual(await limits(), [['to-lport', into, { rate: 1000 }, {}]]);
    await stack.ask('DELETE', `ports/${port.id}`);
    assert.deepEqual(await limits(), []);
  });

  it('is mended when somebody else edits it', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const policy = await stack.make('qos/policies', { policy: {} });
    const path = `qos/policies/${policy.id}/bandwidth_limit_rules`;
    await stack.make(path, { bandwidth_limit_rule: { max_kbps: 1000 } });
    const network = await stack.make('networks', { network: { qos_policy_id: policy.id } });
    await stack.make('ports', { port: { network_id: network.id } });
    const before = contentOf(await stack.see());
    const [row] = (await stack.see()).QoS.rows();
    assert.ok(row !== undefined);
    const { operations } = stack.observer;
    const edits = [
      operations.update('QoS', [['_uuid', '==', row._uuid]], { bandwidth: new Map([['rate', 5]]) }),
      operations.update('Logical_Switch', [['_uuid', '==', network.id]], { qos_rules: new Set() }),
    ];
    for (const edit of edits) {
      await stack.observer.transact([edit]);
      assert.notDeepEqual(await stack.drift(), []);
      await stack.app.ovn?.resync();
      assert.deepEqual(contentOf(await stack.see()), before);
    }
  });

  it('is a queue of the port where bandwidth is promised on a physical network', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const policy = await stack.make('qos/policies', { policy: {} });
    const path = `qos/policies/${policy.id}/minimum_bandwidth_rules`;
    const { id: rule } = await stack.make(path, { minimum_bandwidth_rule: { min_kbps: 2000 } });
    const network = await stack.make('networks', {
      network: { 'provider:network_type': 'flat', 'provider:physical_network': 'physnet1' },
    });
    const port = await stack.make('ports', { port: { network_id: network.id, qos_policy_id: policy.id } });
    const rate = async () =>
      (await stack.see()).Logical_Switch_Port.get(port.id)?.options.get('qos_min_rate');
    assert.equal(await rate(), '2000000');
    assert.equal((await stack.ask('DELETE', `${path}/${rule}`)).status, 204);
    assert.equal(await rate(), undefined);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });
});
