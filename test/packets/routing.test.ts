import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, port, type Router, router } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, settled, statusBecomes } from './machines.ts';
import {
  addFloatingIp,
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

// Two networks behind a router whose gateway one of three hosts carries.
let site: RoutedSite;
let red: Network;
let blue: Network;
let rosa: Machine;
let bert: Machine;
let way: Router;

before(async () => {
  site = await openRoutedSite({ chassis: 3 });
  red = await addNetwork(site, 'red', [{ ip_version: 4, cidr: '10.90.0.0/24' }]);
  blue = await addNetwork(site, 'blue', [{ ip_version: 4, cidr: '10.91.0.0/24' }]);
  way = await addRouter(site);
  for (const net of [red, blue]) await join(site, way.id, (await subnetOf(site, net)).id);
  rosa = await addMachine(site, 'rosa', { net: red, host: 1, groups: [site.open] });
  bert = await addMachine(site, 'bert', { net: blue, host: 2, groups: [site.open] });
  for (const machine of [rosa, bert]) await machine.guest.dhcp();
  await settled(site);
});
after(() => site[Symbol.asyncDispose]());

it('machines of two networks on two hosts reach each other', async () => {
  await until('ping', () => rosa.guest.ping(bert.ip()));
  assert.equal(await bert.guest.ping(rosa.ip()), true);
  assert.equal(await seenBy(rosa.guest, bert.guest, bert.ip(), 8080), rosa.ip());
});

it('router ports are ACTIVE, and the gateway names the first host of its schedule', async () => {
  const [first] = await scheduleOf(site, way.id);
  await until('host of the gateway', async () => {
    const gateway = await gatewayPort(site, way.id);
    return gateway.status === 'ACTIVE' && gateway['binding:host_id'] === first;
  });
  const query = { device_id: way.id, device_owner: 'network:router_interface' };
  const interfaces = await site.admin.list(port, query);
  assert.equal(interfaces.length, 2);
  for (const { id } of interfaces) await statusBecomes(site, id, 'ACTIVE');
});

it('machines reach the outside as their router, also beyond its network', async () => {
  const address = await gatewayAddress(site, way.id);
  await until('ping outside', () => rosa.guest.ping(OUTSIDE));
  assert.equal(await rosa.guest.ping(FAR), true);
  assert.equal(await seenBy(rosa.guest, site.outside, FAR, 8080), address);
  assert.equal(await seenBy(bert.guest, site.outside, FAR, 8080), address);
});

it('a floating IP leads in and out, from its association to its end', async () => {
  const { id, address } = await addFloatingIp(site, { port_id: rosa.port.id });
  await settled(site);
  await until('ping of the floating IP', () => site.outside.ping(address));
  assert.equal(await seenBy(site.outside, rosa.guest, address, 8080), OUTSIDE);
  assert.equal(await seenBy(rosa.guest, site.outside, FAR, 8080), address);
  assert.equal(await bert.guest.ping(address), true);
  const moved = { floatingip: { port_id: bert.port.id } };
  assert.equal((await site.tenant.request('PUT', `/v2.0/floatingips/${id}`, moved)).status, 200);
  await settled(site);
  await until(
    'the other machine',
    async () => (await seenBy(bert.guest, site.outside, FAR, 8080)) === address,
  );
  assert.equal(await seenBy(site.outside, bert.guest, address, 8080), OUTSIDE);
  assert.equal((await site.tenant.request('DELETE', `/v2.0/floatingips/${id}`)).status, 204);
  await settled(site);
  await until('silence', async () => !(await site.outside.ping(address, { count: 1 })));
  assert.equal(await seenBy(bert.guest, site.outside, FAR, 8080), await gatewayAddress(site, way.id));
});

it('a port forwarding leads its ports in and no others', async () => {
  const { id, address } = await addFloatingIp(site, {});
  const forward = async (body: object) => {
    const path = `/v2.0/floatingips/${id}/port_forwardings`;
    const answer = await site.tenant.request('POST', path, { port_forwarding: body });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return `${path}/${(answer.body as { readonly port_forwarding: { readonly id: string } }).port_forwarding.id}`;
  };
  const to = { internal_port_id: bert.port.id, internal_ip_address: bert.ip(), protocol: 'tcp' };
  const single = await forward({ ...to, external_port: 2022, internal_port: 22 });
  const range = await forward({ ...to, external_port_range: '3000:3002', internal_port_range: '4000:4002' });
  await settled(site);
  await until(
    'forwarded port',
    async () => (await seenBy(site.outside, bert.guest, address, 2022, 22)) === OUTSIDE,
  );
  assert.equal(await seenBy(site.outside, bert.guest, address, 3001, 4001), OUTSIDE);
  assert.equal(await seenBy(site.outside, bert.guest, address, 3003, 4003), undefined);
  for (const path of [single, range]) assert.equal((await site.tenant.request('DELETE', path)).status, 204);
  await settled(site);
  assert.equal(await seenBy(site.outside, bert.guest, address, 2022, 22), undefined);
  assert.equal((await site.tenant.request('DELETE', `/v2.0/floatingips/${id}`)).status, 204);
});

it('an extra route leads to what is behind a machine', async () => {
  const behind = '192.0.2.1';
  await bert.update({ allowed_address_pairs: [{ ip_address: `${behind}/32` }] });
  await bert.guest.ip(`address add ${behind}/32 dev lo`);
  assert.equal(await rosa.guest.ping(behind, { count: 1 }), false);
  const routes = [{ destination: `${behind}/32`, nexthop: bert.ip() }];
  await site.tenant.update(router, way.id, { routes });
  await settled(site);
  await until('ping behind the machine', () => rosa.guest.ping(behind));
  await site.tenant.update(router, way.id, { routes: [] });
  await settled(site);
  await until('silence', async () => !(await rosa.guest.ping(behind, { count: 1 })));
});

it('without SNAT the outside sees the machine itself', async () => {
  const gateway = (enable_snat: boolean) =>
    site.admin.update(router, way.id, {
      external_gateway_info: { network_id: site.external.id, enable_snat },
    });
  await gateway(false);
  await site.outside.ip(`route replace 10.90.0.0/24 via ${await gatewayAddress(site, way.id)}`);
  await settled(site);
  await until('own address', async () => (await seenBy(rosa.guest, site.outside, FAR, 8080)) === rosa.ip());
  await gateway(true);
  await site.outside.ip('route del 10.90.0.0/24');
  await settled(site);
  await until('ping outside', () => rosa.guest.ping(FAR));
});

it('a router that is switched off leads nowhere', async () => {
  await site.tenant.update(router, way.id, { admin_state_up: false });
  await settled(site);
  await until('silence', async () => !(await rosa.guest.ping(bert.ip(), { count: 1 })));
  await site.tenant.update(router, way.id, { admin_state_up: true });
  await settled(site);
  await until('ping', () => rosa.guest.ping(bert.ip()));
});
