import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { startOvnStack } from './stack.ts';

forEachDialect('trunks in the Northbound database', (databases) => {
  it('nest the ports of their sub-ports, and let them go again', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const network = await stack.make('networks', { network: { name: 'n' } });
    const port = () => stack.make('ports', { port: { network_id: network.id } });
    const [parent, first, second] = [await port(), await port(), await port()];
    const vlan = (id: string, tag: number) => ({
      port_id: id,
      segmentation_type: 'vlan',
      segmentation_id: tag,
    });
    const nested = async (id: string) => {
      const [row] = (await stack.see()).Logical_Switch_Port.find('name', id);
      return [row?.parent_name, row?.tag_request, row?.external_ids.get('neutron:device_owner')];
    };
    const alone = [undefined, undefined, ''];
    const trunk = await stack.make('trunks', {
      trunk: { port_id: parent.id, sub_ports: [vlan(first.id, 10)] },
    });
    assert.deepEqual(await nested(first.id), [parent.id, 10, 'trunk:subport']);
    assert.deepEqual(await nested(second.id), alone);
    await stack.ask('PUT', `trunks/${trunk.id}/add_subports`, { sub_ports: [vlan(second.id, 20)] });
    assert.deepEqual(await nested(second.id), [parent.id, 20, 'trunk:subport']);
    await stack.ask('PUT', `trunks/${trunk.id}/remove_subports`, { sub_ports: [{ port_id: first.id }] });
    assert.deepEqual(await nested(first.id), alone);
    assert.deepEqual(await stack.drift(), []);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
    assert.equal((await stack.ask('DELETE', `trunks/${trunk.id}`)).status, 204);
    assert.deepEqual(await nested(second.id), alone);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });
});
