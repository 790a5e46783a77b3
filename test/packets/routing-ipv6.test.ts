import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { Network, Router } from '@ovenbird/api';
import { type Shell, until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled } from './machines.ts';
import {
  addRouter,
  gatewayAddress,
  join,
  OUTSIDE_6,
  openRoutedSite,
  type RoutedSite,
  seenBy,
  subnetOf,
} from './routers.ts';

// Machines that configure themselves from what the router tells them, in a network without and one with DHCPv6.
let site: RoutedSite;
let selfMade: Network;
let served: Network;
let sara: Machine;
let dora: Machine;
let way: Router;

const modes = (mode: string) => ({ ipv6_ra_mode: mode, ipv6_address_mode: mode });

before(async () => {
  site = await openRoutedSite();
  selfMade = await addNetwork(site, 'self-made', [
    { ip_version: 6, cidr: 'fd00:92::/64', ...modes('slaac') },
  ]);
  served = await addNetwork(site, 'served', [
    { ip_version: 6, cidr: 'fd00:93::/64', ...modes('dhcpv6-stateful') },
  ]);
  way = await addRouter(site);
  for (const net of [selfMade, served]) await join(site, way.id, (await subnetOf(site, net, 6)).id);
  sara = await addMachine(site, 'sara', { net: selfMade, host: 1, groups: [site.open] });
  dora = await addMachine(site, 'dora', { net: served, host: 2, groups: [site.open] });
  await settled(site);
});
after(() => site[Symbol.asyncDispose]());

/** A machine asks its router when its interface comes up (RFC 4861 §6.3.7). */
const solicit = (machine: Machine) =>
  machine.guest.ip('link set eth0 down', 'link set eth0 mtu 1500', 'link set eth0 up');

const shows = async (shell: Shell, command: string, text: string): Promise<boolean> =>
  (await shell.run(['ip', '-6', ...command.split(' ')])).stdout.includes(text);

const hasRoute = (machine: Machine) => shows(machine.guest, 'route show default', 'via fe80::');

it('a machine makes its address from the prefix that the router announces', async () => {
  await solicit(sara);
  await until('address', () => shows(sara.guest, 'address show dev eth0 scope global', `${sara.ip(6)}/64`));
  assert.equal(await hasRoute(sara), true);
  const { stdout } = await sara.guest.run(['cat', '/proc/sys/net/ipv6/conf/eth0/mtu']);
  assert.equal(stdout.trim(), '1442');
});

it('a machine gets its address by DHCPv6 and its route from the router', async () => {
  await solicit(dora);
  await until('route', () => hasRoute(dora));
  assert.equal(await shows(dora.guest, 'address show dev eth0 scope global', 'fd00:93:'), false);
  assert.equal((await dora.guest.dhcp(6)).address, dora.ip(6));
});

it('they reach each other', async () => {
  await until('ping', () => sara.guest.ping(dora.ip(6)));
  assert.equal(await dora.guest.ping(sara.ip(6)), true);
  assert.equal(await seenBy(dora.guest, sara.guest, sara.ip(6), 8080), dora.ip(6));
});

it('they reach the outside, and it them, by their own addresses', async () => {
  const gateway = await gatewayAddress(site, way.id, 6);
  await site.outside.ip(`route add fd00:92::/31 via ${gateway}`);
  for (const { guest } of [sara, dora]) await until('ping outside', () => guest.ping(OUTSIDE_6));
  assert.equal(await seenBy(sara.guest, site.outside, OUTSIDE_6, 8080), sara.ip(6));
  assert.equal(await seenBy(dora.guest, site.outside, OUTSIDE_6, 8080), dora.ip(6));
  assert.equal(await seenBy(site.outside, sara.guest, sara.ip(6), 8080), OUTSIDE_6);
});
