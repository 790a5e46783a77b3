import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, type Router, router } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addGroup, addMachine, addNetwork, type Machine, settled } from './machines.ts';
import {
  addRouter,
  FAR,
  gatewayAddress,
  join,
  OUTSIDE,
  openRoutedSite,
  type RoutedSite,
  seenBy,
  subnetOf,
} from './routers.ts';

// Two projects with the same prefix, the same addresses and the same MAC addresses on the same hosts, each behind its
// own router to the same network outside.
const PREFIX = '10.77.0.0/24';
const [FIRST, SECOND] = ['10.77.0.11', '10.77.0.12'] as const;

interface Tenant {
  readonly site: RoutedSite;
  readonly net: Network;
  readonly way: Router;
  readonly first: Machine;
  readonly second: Machine;
}

let site: RoutedSite;
let red: Tenant;
let blue: Tenant;

const addTenant = async (name: string): Promise<Tenant> => {
  const tenant = await site.stack.login({
    user: name,
    password: `of ${name}`,
    project: name,
    roles: ['member'],
  });
  const own = { ...site, tenant };
  const net = await addNetwork(own, name, [{ ip_version: 4, cidr: PREFIX }]);
  const way = await addRouter(own);
  await join(own, way.id, (await subnetOf(own, net)).id);
  const groups = [await addGroup(own, 'open', [{ ethertype: 'IPv4' }])];
  const machine = (host: number, ip_address: string) => {
    const body = { mac_address: `fa:16:3e:77:00:0${host}`, fixed_ips: [{ ip_address }] };
    return addMachine(own, `${name}-${host}`, { net, host, groups }, body);
  };
  const [first, second] = await Promise.all([machine(1, FIRST), machine(2, SECOND)]);
  for (const { guest } of [first, second]) await guest.dhcp();
  return { site: own, net, way, first, second };
};

before(async () => {
  site = await openRoutedSite();
  red = await addTenant('red');
  blue = await addTenant('blue');
  await settled(site);
});
after(() => site[Symbol.asyncDispose]());

it('the same addresses are another machine in each project', async () => {
  for (const { first, second } of [red, blue]) {
    assert.deepEqual([first.ip(), second.ip()], [FIRST, SECOND]);
    await until('ping', () => first.guest.ping(SECOND));
    assert.equal(await seenBy(first.guest, second.guest, SECOND, 8080), FIRST);
  }
  // A server of one project is none of the other, though address, port and host are the same.
  const across = [
    seenBy(red.first.guest, blue.second.guest, SECOND, 8081),
    seenBy(blue.first.guest, red.second.guest, SECOND, 8082),
    seenBy(red.first.guest, blue.second.guest, await gatewayAddress(site, blue.way.id), 8083),
  ];
  assert.deepEqual(await Promise.all(across), [undefined, undefined, undefined]);
});

it('each project is the address of its own router outside, also at once and over the same ports', async () => {
  const addresses = await Promise.all([red, blue].map(({ way }) => gatewayAddress(site, way.id)));
  assert.notEqual(addresses[0], addresses[1]);
  const outside = async (tenant: Tenant, portNumber: number) => {
    await until('outside', () => tenant.first.guest.ping(OUTSIDE));
    return seenBy(tenant.first.guest, site.outside, FAR, portNumber);
  };
  assert.deepEqual(await Promise.all([outside(red, 8080), outside(blue, 8081)]), addresses);
});

it('what one project loses, the other does not answer for', async () => {
  await site.admin.update(router, blue.way.id, { admin_state_up: false });
  await blue.second.guest.unplug();
  await until('silence', async () => !(await blue.first.guest.ping(SECOND, { count: 1 })));
  assert.equal(await red.first.guest.ping(SECOND), true);
  assert.equal(await red.first.guest.ping(OUTSIDE), true);
});
