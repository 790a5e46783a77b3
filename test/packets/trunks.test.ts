import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { type Network, port, type SecurityGroup, type Trunk, trunk } from '@ovenbird/api';
import { type Guest, until } from '@ovenbird/server';
import {
  addGroup,
  addMachine,
  addNetwork,
  type Machine,
  openSite,
  type Site,
  settled,
  statusBecomes,
} from './machines.ts';

// A machine that reaches a second network through a VLAN on its only interface.
let site: Site;
let near: Network;
let far: Network;
let pings: SecurityGroup;
let machine: Machine;
let neighbour: Machine;
let target: Machine;
let made: Trunk;
const TAG = 5;
const program = path.join(import.meta.dirname, 'vlan_ping.py');

before(async () => {
  site = await openSite();
  near = await addNetwork(site, 'near', [{ ip_version: 4, cidr: '10.70.0.0/24' }]);
  far = await addNetwork(site, 'far', [{ ip_version: 4, cidr: '10.71.0.0/24' }]);
  pings = await addGroup(site, 'pings', [{ ethertype: 'IPv4', protocol: 'icmp' }]);
  machine = await addMachine(site, 'trunked', { net: near, host: 1, groups: [pings] });
  neighbour = await addMachine(site, 'neighbour', { net: near, host: 2, groups: [pings] });
  target = await addMachine(site, 'target', { net: far, host: 2, groups: [pings] });
  for (const one of [machine, neighbour, target]) await one.guest.dhcp();
});
after(() => site[Symbol.asyncDispose]());

const taggedPing = async (from: Guest, tag: number, mac: string, address: string): Promise<boolean> => {
  const command = ['python3', program, 'eth0', `${tag}`, mac, address, target.ip()];
  return (await from.run(command)).code === 0;
};

it('a sub-port carries its VLAN to its own network, and the parent carries on', async () => {
  const below = await site.tenant.create(port, { network_id: far.id, security_groups: [pings.id] });
  const address = below.fixed_ips[0]?.ip_address ?? '';
  made = await site.tenant.create(trunk, { port_id: machine.port.id });
  assert.equal(await taggedPing(machine.guest, TAG, below.mac_address, address), false);
  const subPort = { port_id: below.id, segmentation_type: 'vlan', segmentation_id: TAG };
  await site.tenant.request('PUT', `/v2.0/trunks/${made.id}/add_subports`, { sub_ports: [subPort] });
  await statusBecomes(site, below.id, 'ACTIVE');
  await settled(site);
  await until('ping under the tag', () => taggedPing(machine.guest, TAG, below.mac_address, address));
  assert.equal(await taggedPing(machine.guest, TAG + 1, below.mac_address, address), false);
  assert.equal(await machine.guest.ping(neighbour.ip()), true);
  await site.tenant.request('PUT', `/v2.0/trunks/${made.id}/remove_subports`, { sub_ports: [subPort] });
  await settled(site);
  await statusBecomes(site, below.id, 'DOWN');
  await until(
    'silence under the tag',
    async () => !(await taggedPing(machine.guest, TAG, below.mac_address, address)),
  );
});

it('follows its parent down and up again', async () => {
  const status = async () => (await site.tenant.show(trunk, made.id)).status;
  assert.equal(await status(), 'ACTIVE');
  const host = site.stack.lab.hosts[0];
  assert.ok(host);
  await site.admin.update(port, machine.port.id, { 'binding:host_id': '' });
  assert.equal(await status(), 'DOWN');
  await site.admin.update(port, machine.port.id, { 'binding:host_id': host.name });
  await statusBecomes(site, machine.port.id, 'ACTIVE');
  await until('trunk ACTIVE', async () => (await status()) === 'ACTIVE');
});
