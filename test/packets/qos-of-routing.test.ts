import { after, before, it } from 'node:test';
import { floatingIp, router } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled } from './machines.ts';
import { holds, type Target } from './rate.ts';
import {
  addFloatingIp,
  addLimits,
  addRouter,
  join,
  OUTSIDE,
  openRoutedSite,
  type RoutedSite,
  subnetOf,
} from './routers.ts';

// Policies at work where packets enter and leave the cloud.
let site: RoutedSite;
let machine: Machine;
let way: string;
const LIMIT_KBPS = 4000;

before(async () => {
  site = await openRoutedSite();
  const net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.81.0.0/24' }]);
  way = (await addRouter(site)).id;
  await join(site, way, (await subnetOf(site, net)).id);
  machine = await addMachine(site, 'machine', { net, host: 1, groups: [site.open] });
  await machine.guest.dhcp();
  await settled(site);
  await until('ping outside', () => machine.guest.ping(OUTSIDE));
});
after(() => site[Symbol.asyncDispose]());

/** What machine and outside send each other at the same time, as `target` says for what comes in. */
const bothHold = async (what: string, inwards: Target): Promise<void> => {
  await Promise.all([
    holds(`${what}, egress`, machine.guest, site.outside, { address: OUTSIDE }, LIMIT_KBPS),
    holds(`${what}, ingress`, site.outside, machine.guest, inwards, LIMIT_KBPS),
  ]);
};

it('limits of a floating IP hold within 15 %, both ways at once', async () => {
  const { id, address } = await addFloatingIp(site, { port_id: machine.port.id });
  await site.tenant.update(floatingIp, id, { qos_policy_id: await addLimits(site, LIMIT_KBPS) });
  await settled(site);
  await until('ping of the floating IP', () => site.outside.ping(address));
  await bothHold('floating IP', { address });
  await site.tenant.remove(floatingIp, id);
});

it('limits of a gateway hold within 15 %, both ways at once', async () => {
  const gateway = { network_id: site.external.id, qos_policy_id: await addLimits(site, LIMIT_KBPS) };
  await site.tenant.update(router, way, { external_gateway_info: gateway });
  await settled(site);
  await bothHold('gateway', { server: OUTSIDE });
});
