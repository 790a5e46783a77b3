import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { startOvnStack } from './stack.ts';

forEachDialect('Northbound content', (databases) => {
  it('follows requests before they are answered', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const network = await stack.make('networks', { network: { name: 'n' } });
    const subnet = await stack.make('subnets', {
      subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 },
    });
    const port = await stack.make('ports', { port: { network_id: network.id, name: 'p' } });
    const nb = await stack.see();
    const row = nb.Logical_Switch_Port.get(port.id);
    assert.ok(row);
    assert.deepEqual([...row.addresses], [`${port.mac_address} ${port.fixed_ips[0].ip_address}`]);
    assert.ok(nb.Logical_Switch.get(network.id)?.ports.has(port.id));
    assert.equal(nb.DHCP_Options.find('subnet', subnet.id).length, 1);
    assert.deepEqual(await stack.drift(), []);
    assert.deepEqual(contentOf(nb), await stack.fresh());
  });
});
