import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, network } from '@ovenbird/api';
import { type Shell, until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled } from './machines.ts';
import { addFloatingIp, addRouter, FAR, join, openRoutedSite, type RoutedSite, subnetOf } from './routers.ts';

// A router between networks of different packet sizes tells senders which size fits.
let site: RoutedSite;
let net: Network;
let machine: Machine;
/** IPv4 and ICMP around the data of an echo request. */
const AROUND = 28;

before(async () => {
  site = await openRoutedSite();
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.99.0.0/24' }]);
  const way = await addRouter(site);
  await join(site, way.id, (await subnetOf(site, net)).id);
  machine = await addMachine(site, 'machine', { net, host: 1, groups: [site.open] });
  await machine.guest.dhcp();
  await settled(site);
  await until('ping outside', () => machine.guest.ping(FAR));
});
after(() => site[Symbol.asyncDispose]());

/** Ping with whole packets of this size, which nobody may divide. */
const whole = (from: Shell, to: string, size: number) =>
  from.run(['ping', '-c', '3', '-i', '0.2', '-W', '2', '-M', 'do', '-s', `${size - AROUND}`, to]);

it('the outside learns the size of the internal network', async () => {
  const { address } = await addFloatingIp(site, { port_id: machine.port.id });
  await settled(site);
  await until('ping of the floating IP', () => site.outside.ping(address));
  assert.equal((await whole(site.outside, address, 1442)).code, 0);
  const larger = await whole(site.outside, address, 1500);
  assert.notEqual(larger.code, 0);
  assert.match(larger.stdout + larger.stderr, /mtu ?= ?1442/);
});

it('a machine learns the size of a smaller external network', async () => {
  assert.equal((await whole(machine.guest, FAR, 1442)).code, 0);
  await site.admin.update(network, site.external.id, { mtu: 1300 });
  await settled(site);
  await until('refusal', async () => (await whole(machine.guest, FAR, 1400)).code !== 0);
  const { stdout, stderr } = await whole(machine.guest, FAR, 1400);
  assert.match(stdout + stderr, /mtu ?= ?1300/);
  assert.equal((await whole(machine.guest, FAR, 1300)).code, 0);
});
