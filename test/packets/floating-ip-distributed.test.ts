import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { floatingIp, type Network, port, type Router, router } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled, statusBecomes } from './machines.ts';
import { holds } from './rate.ts';
import {
  addFloatingIp,
  addLimits,
  addRouter,
  FAR,
  gatewayAddress,
  gatewayPort,
  join,
  OUTSIDE,
  openRoutedSite,
  type RoutedSite,
  scheduleOf,
  seenBy,
  subnetOf,
} from './routers.ts';

// Floating IPs that the host of the machine translates itself.
let site: RoutedSite;
let net: Network;
let way: Router;
let machine: Machine;
const LIMIT_KBPS = 4000;

before(async () => {
  site = await openRoutedSite({ chassis: 3, settings: { ovn: { distributedFloatingIp: true } } });
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.98.0.0/24' }]);
  way = await addRouter(site);
  await join(site, way.id, (await subnetOf(site, net)).id);
  // Away from the gateway, which goes back to its first choice as often as that is there.
  const last = (await scheduleOf(site, way.id)).at(-1);
  const elsewhere = 1 + site.stack.lab.hosts.findIndex(({ name }) => name === last);
  machine = await addMachine(site, 'machine', { net, host: elsewhere, groups: [site.open] });
  await machine.guest.dhcp();
  await settled(site);
  await until('ping outside', () => machine.guest.ping(FAR));
});
after(() => site[Symbol.asyncDispose]());

/** The MAC address that the outside knows for an address. */
const macOf = async (address: string): Promise<string | undefined> => {
  await site.outside.ping(address, { count: 1 });
  const { stdout } = await site.outside.run(['ip', 'neighbour', 'show', address]);
  return /lladdr (\S+)/.exec(stdout)?.[1];
};

it('are held to limits within 15 % where the machine is, both ways at once', async () => {
  const { id, address } = await addFloatingIp(site, { port_id: machine.port.id });
  await site.tenant.update(floatingIp, id, { qos_policy_id: await addLimits(site, LIMIT_KBPS) });
  await settled(site);
  await until('ping of the floating IP', () => site.outside.ping(address));
  await Promise.all([
    holds('egress', machine.guest, site.outside, { address: OUTSIDE }, LIMIT_KBPS),
    holds('ingress', site.outside, machine.guest, { address }, LIMIT_KBPS),
  ]);
  await site.tenant.remove(floatingIp, id);
});

it('lead to a port of a router through the gateway, as that port is on no host', async () => {
  const further = await site.tenant.create(router, {});
  const { id: face } = await site.tenant.create(port, { network_id: net.id });
  const added = await site.tenant.request('PUT', `/v2.0/routers/${further.id}/add_router_interface`, {
    port_id: face,
  });
  assert.equal(added.status, 200);
  const { gateway_ip: nexthop } = await subnetOf(site, net);
  await site.tenant.update(router, further.id, { routes: [{ destination: '0.0.0.0/0', nexthop }] });
  const { id, address } = await addFloatingIp(site, { port_id: face });
  await statusBecomes(site, face, 'ACTIVE');
  await settled(site);
  await until('ping of the router', () => site.outside.ping(address), { timeoutMs: 20_000 });
  assert.equal(await macOf(address), (await gatewayPort(site, way.id)).mac_address);
  await site.tenant.remove(floatingIp, id);
});

it('are answered for with a MAC address of their own, and need no gateway', async () => {
  const [first] = await scheduleOf(site, way.id);
  await until('the gateway', async () => (await gatewayPort(site, way.id))['binding:host_id'] === first);
  const gateway = await gatewayPort(site, way.id);
  assert.equal(await seenBy(machine.guest, site.outside, FAR, 8080), await gatewayAddress(site, way.id));
  const { id, address } = await addFloatingIp(site, { port_id: machine.port.id });
  await settled(site);
  await until('ping of the floating IP', () => site.outside.ping(address));
  assert.equal(await seenBy(site.outside, machine.guest, address, 8080), OUTSIDE);
  assert.equal(await seenBy(machine.guest, site.outside, FAR, 8080), address);
  const [holder] = await site.admin.list(port, { device_id: id, device_owner: 'network:floatingip' });
  assert.equal(await macOf(address), holder?.mac_address);
  assert.equal(await macOf(await gatewayAddress(site, way.id)), gateway.mac_address);

  await site.stack.lab.hosts.find(({ name }) => name === gateway['binding:host_id'])?.fail();
  // A packet may be lost while the others learn of it; who answers stays the same.
  await until('ping of the floating IP without the gateway', () => site.outside.ping(address));
  assert.equal(await macOf(address), holder?.mac_address);
  assert.equal(await seenBy(machine.guest, site.outside, FAR, 8080), address);
});
