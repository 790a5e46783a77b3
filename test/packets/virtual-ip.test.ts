import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, type Port, port } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled, statusBecomes } from './machines.ts';
import {
  addFloatingIp,
  addRouter,
  join,
  OUTSIDE,
  openRoutedSite,
  type RoutedSite,
  seenBy,
  subnetOf,
} from './routers.ts';

// An address that two machines on two hosts take in turn, as keepalived moves it.
let site: RoutedSite;
let net: Network;
let one: Machine;
let other: Machine;
let client: Machine;
let shared: Port;
let address: string;

before(async () => {
  site = await openRoutedSite({ chassis: 3 });
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.95.0.0/24' }]);
  const way = await addRouter(site);
  await join(site, way.id, (await subnetOf(site, net)).id);
  shared = await site.tenant.create(port, { network_id: net.id, security_groups: [site.open.id] });
  address = shared.fixed_ips[0]?.ip_address ?? '';
  const pair = { allowed_address_pairs: [{ ip_address: address }] };
  one = await addMachine(site, 'one', { net, host: 1, groups: [site.open] }, pair);
  other = await addMachine(site, 'other', { net, host: 2, groups: [site.open] }, pair);
  client = await addMachine(site, 'client', { net, host: 3, groups: [site.open] });
  for (const { guest } of [one, other, client]) await guest.dhcp();
  await settled(site);
});
after(() => site[Symbol.asyncDispose]());

/** A gratuitous ARP request (RFC 5227 §3): this address is at this MAC address now. */
const announce = async ({ guest, port: { mac_address: mac } }: Machine) => {
  const program = `
import socket
mac, ip = bytes.fromhex("${mac.replaceAll(':', '')}"), socket.inet_aton("${address}")
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
wire.bind(("eth0", 0))
wire.send(b"\\xff" * 6 + mac + bytes.fromhex("08060001080006040001") + mac + ip + bytes(6) + ip)`;
  assert.equal((await guest.run(['python3', '-c', program])).code, 0);
};

/** What keepalived does when it becomes master. */
const take = async (machine: Machine) => {
  await machine.guest.ip(`address add ${address}/32 dev eth0`);
  await announce(machine);
};

const giveUp = ({ guest }: Machine) => guest.ip(`address del ${address}/32 dev eth0`);

/** Whether connections to the address end at this machine. */
const answers = async (machine: Machine, from = client.guest): Promise<boolean> =>
  (await seenBy(from, machine.guest, address, 8080)) !== undefined;

it('nobody has it at first, then the machine that takes it, then the next', async () => {
  await statusBecomes(site, shared.id, 'DOWN');
  assert.equal(await client.guest.ping(address, { count: 1 }), false);
  await take(one);
  await until('the first', () => answers(one));
  await statusBecomes(site, shared.id, 'ACTIVE');
  await giveUp(one);
  await take(other);
  await until('the second', () => answers(other));
  assert.equal(await answers(one), false);
});

it('a floating IP follows it', async () => {
  const floating = await addFloatingIp(site, { port_id: shared.id });
  await settled(site);
  const reaches = async (machine: Machine) =>
    (await seenBy(site.outside, machine.guest, floating.address, 8080)) === OUTSIDE;
  await until('the second from outside', () => reaches(other));
  await giveUp(other);
  await take(one);
  await until('the first from outside', () => reaches(one));
});
