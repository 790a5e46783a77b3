import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { eventually } from './eventually.ts';
import { RandomOperations } from './random-operations.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

/** Wait until OVN is what SQL says; fails with what is left. */
const converged = (stack: OvnStack): Promise<void> =>
  eventually(async () => {
    await stack.observer.ready();
    assert.deepEqual(await stack.drift(), []);
  });

const byName = (name: string) => [['name', '==', name]] as const;

forEachDialect('Northbound rows', (databases) => {
  it('of others are left alone, in our switches and groups too', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const network = await stack.make('networks', { network: { name: 'n' } });
    const group = await stack.make('security-groups', { security_group: { name: 'g' } });
    const nb = stack.observer;
    const ops = nb.operations;
    const own = { switch: randomUUID(), port: randomUUID(), inside: randomUUID(), acl: randomUUID() };
    await nb.transact([
      ops.insert('Logical_Switch', own.switch, { name: 'theirs', ports: new Set([own.port]) }),
      ops.insert('Logical_Switch_Port', own.port, { name: 'their-port', addresses: new Set(['unknown']) }),
      ops.insert('Logical_Switch_Port', own.inside, { name: 'arp-proxy', type: 'router' }),
      ops.insert('DHCP_Options', randomUUID(), { cidr: '198.51.100.0/24' }),
      ops.insert('Port_Group', randomUUID(), { name: 'their_group', ports: new Set([own.port]) }),
      ops.insert('ACL', own.acl, { direction: 'to-lport', priority: 2000, match: 'ip', action: 'allow' }),
      ops.mutate('Logical_Switch', byName(`neutron-${network.id}`), [
        ['ports', 'insert', new Set([own.inside])],
        ['external_ids', 'insert', new Map([['their-key', 'kept']])],
        ['other_config', 'insert', new Map([['mac_only', 'true']])],
      ]),
      ops.mutate('Port_Group', byName(`pg_${group.id.replaceAll('-', '_')}`), [
        ['acls', 'insert', new Set([own.acl])],
        ['ports', 'insert', new Set([own.port])],
      ]),
      ops.mutate('NB_Global', [], [['options', 'insert', new Map([['northd_probe_interval', '5000']])]]),
    ]);
    await stack.ask('PUT', `networks/${network.id}`, { network: { name: 'renamed', mtu: 1400 } });
    await stack.make('ports', { port: { network_id: network.id, security_groups: [group.id] } });
    await stack.servers.northbound.restart();
    await converged(stack);
    const seen = await stack.see();
    const ls = seen.Logical_Switch.get(network.id);
    assert.equal(ls?.external_ids.get('their-key'), 'kept');
    assert.equal(ls?.external_ids.get('neutron:network_name'), 'renamed');
    assert.equal(ls?.other_config.get('mac_only'), 'true');
    assert.ok(ls?.ports.has(own.inside));
    assert.ok(seen.Logical_Switch.get(own.switch)?.ports.has(own.port));
    assert.equal(seen.DHCP_Options.size, 1);
    const [theirs] = seen.Port_Group.find('name', `pg_${group.id.replaceAll('-', '_')}`);
    assert.ok(theirs?.acls.has(own.acl) && theirs.ports.has(own.port));
    assert.equal([...seen.NB_Global.rows()][0]?.options.get('northd_probe_interval'), '5000');
  });

  it('of ours are made right again after anybody broke them', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const operations = new RandomOperations(stack, 7);
    for (let step = 0; step < 120; step += 1) await operations.step();
    const nb = stack.observer;
    const ops = nb.operations;
    const before = await stack.see();
    const switches = [...before.Logical_Switch.rows()].map((row) => row._uuid);
    const ports = [...before.Logical_Switch_Port.rows()].map((row) => row._uuid);
    const groups = [...before.Port_Group.rows()].map((row) => row._uuid);
    const [first, second] = switches;
    assert.ok(first && second && ports.length > 10 && groups.length > 1);
    const everyThird = ports.filter((_, index) => index % 3 === 0);
    await nb.transact([
      ops.delete('Logical_Switch', [['_uuid', '==', first]]),
      ops.delete('DHCP_Options', []),
      ...everyThird.map((uuid) =>
        ops.update('Logical_Switch_Port', [['_uuid', '==', uuid]], {
          addresses: new Set(['unknown']),
          port_security: new Set(),
          enabled: false,
          external_ids: new Map(),
        }),
      ),
      ops.update('Logical_Switch', [['_uuid', '==', second]], { other_config: new Map(), name: 'odd' }),
      ...groups.map((uuid) =>
        ops.update('Port_Group', [['_uuid', '==', uuid]], { ports: new Set(ports.slice(0, 5)) }),
      ),
      ops.update('ACL', [], { action: 'drop', priority: 7 }),
      ops.update('NB_Global', [], { options: new Map() }),
    ]);
    assert.ok((await stack.drift()).length > 0);
    await stack.servers.northbound.restart();
    await converged(stack);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });

  it('are all there after the server was killed during a load, with no request refused', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const network = await stack.make('networks', { network: { name: 'n' } });
    await stack.make('subnets', { subnet: { network_id: network.id, cidr: '10.0.0.0/16', ip_version: 4 } });
    const kept: string[] = [];
    const client = async (): Promise<void> => {
      for (let count = 0; count < 25; count += 1) {
        const port = await stack.make('ports', { port: { network_id: network.id } });
        if (count % 3 === 0) assert.equal((await stack.ask('DELETE', `ports/${port.id}`)).status, 204);
        else kept.push(port.id);
      }
    };
    const load = Promise.all([client(), client(), client(), client()]);
    for (let kill = 0; kill < 3; kill += 1) {
      await sleep(100);
      await stack.servers.northbound.kill();
      await sleep(30);
      await stack.servers.northbound.restart();
    }
    await load;
    await converged(stack);
    const seen = await stack.see();
    for (const id of kept) assert.ok(seen.Logical_Switch_Port.get(id), id);
    assert.equal(seen.Logical_Switch.get(network.id)?.ports.size, kept.length);
    assert.deepEqual(contentOf(seen), await stack.fresh());
  });
});
