import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, network, router, subnet } from '@ovenbird/api';
import { type Shell, until } from '@ovenbird/server';
import { addGroup, addMachine, openSite, type Site, settled } from './machines.ts';
import { gatewayAddress, join, seenBy, subnetOf } from './routers.ts';

// Networks that are VLANs of the physical network of all hosts.
let site: Site;
let outside: Shell;
const TAG = 120;
const THERE = '10.96.0.1';

const addVlan = async (name: string, tag: number, more: object): Promise<Network> =>
  site.admin.create(network, {
    name,
    'provider:network_type': 'vlan',
    'provider:physical_network': 'public',
    'provider:segmentation_id': tag,
    ...more,
  });

before(async () => {
  site = await openSite();
  const [, host] = site.stack.lab.hosts;
  assert.ok(host);
  outside = site.stack.lab.outside;
  await site.stack.lab.outside.vlan(TAG, host);
  await outside.ip(`address add ${THERE}/24 dev vlan${TAG}`);
});
after(() => site[Symbol.asyncDispose]());

it('machines on all hosts reach the outside in the VLAN, with whole packets', async () => {
  const net = await addVlan('vlan', TAG, { shared: true });
  const pools = [{ start: '10.96.0.50', end: '10.96.0.99' }];
  const body = {
    network_id: net.id,
    ip_version: 4,
    cidr: '10.96.0.0/24',
    gateway_ip: THERE,
    allocation_pools: pools,
  };
  await site.admin.create(subnet, body);
  const open = await addGroup(site, 'open', [{ ethertype: 'IPv4' }]);
  await using near = await addMachine(site, 'near', { net, host: 1, groups: [open], mtu: 1500 });
  await using far = await addMachine(site, 'far', { net, host: 2, groups: [open], mtu: 1500 });
  for (const { guest } of [near, far]) assert.equal((await guest.dhcp()).options.interface_mtu, '1500');
  for (const { guest } of [near, far]) {
    await until('ping outside', () => guest.ping(THERE));
    const whole = ['ping', '-c', '2', '-i', '0.2', '-W', '2', '-M', 'do', '-s', `${1500 - 28}`, THERE];
    assert.equal((await guest.run(whole)).code, 0);
  }
  assert.equal(await near.guest.ping(far.ip()), true);
  assert.equal(await seenBy(near.guest, outside, THERE, 8080), near.ip());
  assert.equal(await seenBy(outside, far.guest, far.ip(), 8080), THERE);
  await using stranger = await addMachine(site, 'stranger', { net: await strangersNetwork(), host: 1 });
  await stranger.guest.dhcp();
  assert.equal(await stranger.guest.ping(THERE), false);
});

/** Another VLAN with the same addresses. */
const strangersNetwork = async (): Promise<Network> => {
  const net = await addVlan('stranger', TAG + 1, { shared: true });
  await site.admin.create(subnet, { network_id: net.id, ip_version: 4, cidr: '10.96.0.0/24' });
  return net;
};

it('an external network may be a VLAN', async () => {
  const net = await site.tenant.create(network, {});
  await site.tenant.create(subnet, { network_id: net.id, ip_version: 4, cidr: '10.97.0.0/24' });
  const [, host] = site.stack.lab.hosts;
  assert.ok(host);
  await site.stack.lab.outside.vlan(TAG + 2, host);
  await outside.ip(`address add 192.0.2.1/24 dev vlan${TAG + 2}`);
  const external = await addVlan('external', TAG + 2, { 'router:external': true });
  await site.admin.create(subnet, {
    network_id: external.id,
    ip_version: 4,
    cidr: '192.0.2.0/24',
    enable_dhcp: false,
  });
  const way = await site.tenant.create(router, { external_gateway_info: { network_id: external.id } });
  await join(site, way.id, (await subnetOf(site, net)).id);
  await using machine = await addMachine(site, 'machine', { net, host: 1 });
  await machine.guest.dhcp();
  await settled(site);
  await until('ping outside', () => machine.guest.ping('192.0.2.1'));
  assert.equal(await seenBy(machine.guest, outside, '192.0.2.1', 8080), await gatewayAddress(site, way.id));
});
