import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { floatingIp, qosBandwidthLimitRule, qosPolicy, router } from '@ovenbird/api';
import { type Shell, until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled } from './machines.ts';
import { arriving } from './rate.ts';
import {
  addFloatingIp,
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

const addPolicy = async (direction: string): Promise<string> => {
  const policy = await site.admin.create(qosPolicy, { shared: true });
  await site.admin.request('POST', `/v2.0/qos/policies/${policy.id}/bandwidth_limit_rules`, {
    [qosBandwidthLimitRule.name]: { max_kbps: LIMIT_KBPS, max_burst_kbps: LIMIT_KBPS / 10, direction },
  });
  return policy.id;
};

const holds = async (what: string, from: Shell, to: Shell, address: string): Promise<void> => {
  const rate = await arriving(from, to, address, LIMIT_KBPS);
  assert.ok(Math.abs(rate / LIMIT_KBPS - 1) < 0.15, `${what}: ${rate} kbit/s`);
};

it('a limit of a floating IP holds within 15 %, both ways', async () => {
  const { id, address } = await addFloatingIp(site, { port_id: machine.port.id });
  for (const direction of ['egress', 'ingress']) {
    await site.tenant.update(floatingIp, id, { qos_policy_id: await addPolicy(direction) });
    await settled(site);
    await until('ping of the floating IP', () => site.outside.ping(address));
    if (direction === 'egress') await holds(direction, machine.guest, site.outside, OUTSIDE);
    else await holds(direction, site.outside, machine.guest, address);
  }
  await site.tenant.remove(floatingIp, id);
});

it('a limit of a gateway holds within 15 %', async () => {
  const gateway = { network_id: site.external.id, qos_policy_id: await addPolicy('egress') };
  await site.tenant.update(router, way, { external_gateway_info: gateway });
  await settled(site);
  await holds('egress', machine.guest, site.outside, OUTSIDE);
});
