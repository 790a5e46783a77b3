import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startOvnStack } from './stack.ts';

forEachDialect('What OVN cannot carry', (databases) => {
  it('is refused with 400 and changes nothing', async () => {
    await using stack = await startOvnStack(await databases.freshUrl(), { metadataEnabled: true });
    const network = await stack.make('networks', { network: {} });
    await stack.make('subnets', { subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 } });
    const { body } = await stack.ask(
      'GET',
      `ports?network_id=${network.id}&device_owner=network:distributed`,
    );
    const metadata = body.ports[0].fixed_ips[0].ip_address;
    const vip = await stack.make('ports', { port: { network_id: network.id } });
    const address = vip.fixed_ips[0].ip_address;
    await stack.make('ports', {
      port: { network_id: network.id, allowed_address_pairs: [{ ip_address: address }] },
    });
    const row = (await stack.see()).Logical_Switch_Port.get(vip.id);
    assert.equal(row?.type, 'virtual');
    const ports = (await stack.ask('GET', 'ports')).body.ports.length;

    const refused = async (method: 'POST' | 'PUT', path: string, given: object) => {
      const answer = await stack.ask(method, path, given);
      assert.equal(answer.status, 400, `${path} ${JSON.stringify(given)}: ${JSON.stringify(answer.body)}`);
    };
    await refused('POST', 'networks', { network: { 'provider:network_type': 'gre' } });
    const flat = { 'provider:network_type': 'flat', 'provider:physical_network': 'wire' };
    await refused('POST', 'networks', { network: { ...flat, vlan_transparent: true } });
    await refused('PUT', `ports/${vip.id}`, { port: { device_id: 'vm', 'binding:host_id': 'host' } });
    await refused('POST', 'ports', {
      port: { network_id: network.id, allowed_address_pairs: [{ ip_address: metadata }] },
    });
    assert.equal((await stack.ask('GET', 'ports')).body.ports.length, ports);
    await stack.make('networks', { network: { ...flat, vlan_transparent: false } });
    const tagging = { network: { 'provider:network_type': 'geneve', vlan_transparent: true } };
    assert.equal((await stack.make('networks', tagging)).vlan_transparent, true);
    assert.deepEqual(await stack.drift(), []);
  });

  it('is a virtual MAC address of no virtual router, at a port that a host carries', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'a', hostname: 'host-a' });
    await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 1));
    const network = await stack.make('networks', { network: {} });
    await stack.make('subnets', { subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 } });
    const port = await stack.make('ports', {
      port: { network_id: network.id, 'binding:host_id': 'host-a' },
    });
    const withMac = (mac: string) =>
      stack.ask('PUT', `ports/${port.id}`, {
        port: { allowed_address_pairs: [{ ip_address: '10.0.0.200', mac_address: mac }] },
      });
    for (const mac of ['fa:16:3e:00:00:01', '00:00:5e:00:02:01']) {
      const { status, body } = await withMac(mac);
      assert.deepEqual([status, body.NeutronError.type], [400, 'InvalidVirtualMACAddress']);
    }
    assert.equal((await withMac('00:00:5e:00:01:01')).status, 200);
  });
});
