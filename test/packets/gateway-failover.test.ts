import assert from 'node:assert/strict';
import { after, before, it, type TestContext } from 'node:test';
import type { Network, Router } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled } from './machines.ts';
import {
  addRouter,
  gatewayAddress,
  gatewayPort,
  join,
  OUTSIDE,
  openRoutedSite,
  type RoutedSite,
  scheduleOf,
  subnetOf,
} from './routers.ts';
import { startStream } from './silence.ts';

// A router whose gateway three hosts may carry, two of which die one after the other.
let site: RoutedSite;
let net: Network;
let machine: Machine;
let way: Router;
/** Longest silence that counts as failover: OVN's defaults take three missed signs of life a second apart. */
const LONGEST_SECONDS = 10;

const schedule = (): Promise<readonly string[]> => scheduleOf(site, way.id);

const hostOfGateway = async () => {
  const { status, 'binding:host_id': host } = await gatewayPort(site, way.id);
  return status === 'ACTIVE' ? host : undefined;
};

before(async () => {
  site = await openRoutedSite({ chassis: 4 });
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.94.0.0/24' }]);
  way = await addRouter(site);
  await join(site, way.id, (await subnetOf(site, net)).id);
  // Its own host must live on: it is on the last that would carry the gateway.
  const last = (await schedule()).at(-1);
  const host = 1 + site.stack.lab.hosts.findIndex(({ name }) => name === last);
  machine = await addMachine(site, 'machine', { net, host, groups: [site.open] });
  await machine.guest.dhcp();
  // Answers find their way without translation, so that all that is lost is lost with the host.
  await site.outside.ip(`route add 10.94.0.0/24 via ${await gatewayAddress(site, way.id)}`);
  await settled(site);
  await until('ping outside', () => machine.guest.ping(OUTSIDE));
});
after(() => site[Symbol.asyncDispose]());

const losesAtMost = async (t: TestContext, dying: string, next: string): Promise<void> => {
  await using stream = startStream(machine.guest, OUTSIDE);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await site.stack.lab.hosts.find(({ name }) => name === dying)?.fail();
  await until('the next host', async () => (await hostOfGateway()) === next);
  await until('ping outside', () => machine.guest.ping(OUTSIDE));
  const { silence } = await stream.end();
  t.diagnostic(`silent for ${silence.toFixed(1)} s`);
  assert.ok(silence < LONGEST_SECONDS, `${silence} s`);
};

it('the next host takes over when the one that carries the gateway dies, and the one after that', async (t) => {
  const [first = '', second = '', third = ''] = await schedule();
  await until('the first host', async () => (await hostOfGateway()) === first);
  await losesAtMost(t, first, second);
  await losesAtMost(t, second, third);
});

it('a dead host that is forgotten leaves the schedule', async () => {
  const [first = '', ...others] = await schedule();
  assert.equal((await site.admin.request('DELETE', `/v2.0/agents/${first}`)).status, 204);
  await until('new schedule', async () => (await schedule()).join() === others.join());
  const { nbctl } = site.stack.lab.central;
  await until('the schedule in OVN', async () => {
    const listed = await nbctl('--bare', '--columns=chassis_name', 'list', 'ha_chassis');
    return !listed.split('\n').includes(first) && others.every((name) => listed.includes(name));
  });
});
