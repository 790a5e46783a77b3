import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const RACKS = ['one', 'two'] as const;

/** A network with a segment and a subnet in each rack. */
const routedNetwork = async (stack: OvnStack) => {
  const wire = { 'provider:network_type': 'vlan', 'provider:physical_network': 'one' };
  const { id } = await stack.make('networks', { network: { ...wire, 'provider:segmentation_id': 101 } });
  const { segments } = (await stack.ask('GET', `segments?network_id=${id}`)).body;
  const second = { network_id: id, network_type: 'vlan', physical_network: 'two', segmentation_id: 102 };
  const added = await stack.make('segments', { segment: second });
  const ids: readonly string[] = [segments[0].id, added.id];
  for (const [index, segment] of ids.entries()) {
    const subnet = { network_id: id, ip_version: 4, cidr: `10.${index}.0.0/24`, segment_id: segment };
    await stack.make('subnets', { subnet });
  }
  return { id: String(id), segments: ids };
};

forEachDialect('segments in OVN', (databases) => {
  it('join the switch to each wire, and give ports addresses and bindings by host', async () => {
    const sections = { ml2: { networkVlanRanges: ['one:100:199', 'two:100:199'] } };
    await using stack = await startOvnStack(await databases.freshUrl(), {}, sections);
    await using controller = await connectAsController(stack.servers);
    for (const rack of RACKS) {
      const config = { 'ovn-bridge-mappings': `${rack}:br-${rack}` };
      await addChassis(controller, { name: rack, hostname: `host-${rack}`, config });
    }
    await eventually(async () => {
      const rows = await stack.app.database.read(({ query }) =>
        query.selectFrom('host_physical_networks').selectAll().orderBy('host').execute(),
      );
      assert.deepEqual(
        rows,
        RACKS.map((rack) => ({ host: `host-${rack}`, physical_network: rack })),
      );
    });
    const { id, segments } = await routedNetwork(stack);
    const wires = async () =>
      [...(await stack.see()).Logical_Switch_Port.rows()]
        .filter((row) => row.type === 'localnet')
        .map((row) => `${row.name} ${row.options.get('network_name')} ${row.tag_request}`)
        .toSorted();
    assert.deepEqual(
      await wires(),
      RACKS.map((rack, index) => `provnet-${segments[index]} ${rack} ${101 + index}`).toSorted(),
    );
    const routes = async () =>
      [...(await stack.see()).DHCP_Options.rows()]
        .map((row) => row.options.get('classless_static_route'))
        .toSorted();
    assert.deepEqual(await routes(), [
      '{10.0.0.0/24,10.1.0.1, 0.0.0.0/0,10.1.0.1}',
      '{10.1.0.0/24,10.0.0.1, 0.0.0.0/0,10.0.0.1}',
    ]);
    const waiting = await stack.make('ports', { port: { network_id: id } });
    assert.deepEqual(waiting.fixed_ips, []);
    const place = { port: { 'binding:host_id': 'host-two' } };
    const { port } = (await stack.ask('PUT', `ports/${waiting.id}`, place)).body;
    assert.match(port.fixed_ips[0].ip_address, /^10\.1\./);
    assert.equal(port['binding:vif_type'], 'ovs');
    assert.deepEqual(await stack.drift(), []);
    assert.equal((await stack.ask('DELETE', `segments/${segments[1]}`)).status, 409);
    await stack.ask('DELETE', `ports/${waiting.id}`);
    const { subnets } = (await stack.ask('GET', `subnets?segment_id=${segments[1]}`)).body;
    assert.equal((await stack.ask('DELETE', `subnets/${subnets[0].id}`)).status, 204);
    assert.equal((await stack.ask('DELETE', `segments/${segments[1]}`)).status, 204);
    assert.equal((await wires()).length, 1);
    assert.deepEqual(await routes(), [undefined]);
    assert.deepEqual(await stack.drift(), []);
  });
});
