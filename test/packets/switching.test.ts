import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, type SecurityGroup, subnet } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import type { ShownStage } from '../../packages/server/src/ml2/port-timeline.ts';
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

// Machines of a tenant on two hosts.
let site: Site;
let net: Network;
let pings: SecurityGroup;
let here: Machine;
let there: Machine;

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'net', [
    {
      ip_version: 4,
      cidr: '10.50.0.0/24',
      dns_nameservers: ['192.0.2.1', '192.0.2.2'],
      host_routes: [{ destination: '198.51.100.0/24', nexthop: '10.50.0.250' }],
    },
    {
      ip_version: 6,
      cidr: 'fd00:50::/64',
      ipv6_address_mode: 'dhcpv6-stateful',
      ipv6_ra_mode: 'dhcpv6-stateful',
    },
  ]);
  pings = await addGroup(site, 'pings', [
    { ethertype: 'IPv4', protocol: 'icmp' },
    { ethertype: 'IPv6', protocol: 'ipv6-icmp' },
  ]);
  here = await addMachine(
    site,
    'here',
    { net, host: 1, groups: [pings] },
    {
      extra_dhcp_opts: [{ opt_name: 'ntp-server', opt_value: '192.0.2.123', ip_version: 4 }],
    },
  );
  there = await addMachine(site, 'there', { net, host: 2, groups: [pings] });
});
after(() => site[Symbol.asyncDispose]());

it('tell when each came up, stage by stage in their order, as real controllers report it', async () => {
  const stages = ['requested', 'stored', 'northbound', 'northd', 'claimed', 'up', 'active'];
  for (const { port } of [here, there]) {
    const { status, body } = await site.tenant.request('GET', `/v2.0/ports/${port.id}/timeline`);
    assert.equal(status, 200);
    const { timeline }: { timeline: { stages: readonly ShownStage[] } } = Object(body);
    assert.deepEqual(
      timeline.stages.map(({ name }) => name),
      stages,
    );
    const times = timeline.stages.map(({ at }) => at);
    assert.deepEqual(times, times.toSorted());
  }
});

it('get their IPv4 address and options by DHCP', async () => {
  const lease = await here.guest.dhcp(4);
  assert.equal(lease.address, here.ip());
  assert.equal(lease.options.subnet_mask, '255.255.255.0');
  assert.equal(lease.options.routers, '10.50.0.1');
  assert.equal(lease.options.domain_name_servers, '192.0.2.1 192.0.2.2');
  assert.equal(lease.options.interface_mtu, '1442');
  assert.equal(lease.options.dhcp_lease_time, '43200');
  assert.equal(lease.options.ntp_servers, '192.0.2.123');
  assert.match(lease.options.rfc3442_classless_static_routes ?? '', /\b24 198 51 100 10 50 0 250\b/);
  assert.equal((await there.guest.dhcp(4)).address, there.ip());
});

it('ping each other over IPv4 through Geneve', async () => {
  await until('ping', () => here.guest.ping(there.ip()));
  assert.equal(await there.guest.ping(here.ip()), true);
});

it('pass a full packet of the network', async () => {
  const whole = ['ping', '-c', '2', '-i', '0.2', '-W', '2', '-M', 'do', '-s', `${1442 - 28}`, there.ip()];
  assert.equal((await here.guest.run(whole)).code, 0);
  await here.guest.ip('link set eth0 mtu 1442');
  const larger = ['ping', '-c', '1', '-W', '1', '-M', 'do', '-s', `${1443 - 28}`, there.ip()];
  assert.notEqual((await here.guest.run(larger)).code, 0);
});

it('get their IPv6 address by DHCPv6 and ping over IPv6', async () => {
  assert.equal((await here.guest.dhcp(6)).address, here.ip(6));
  await there.guest.address(`${there.ip(6)}/64`);
  await here.guest.ip('route replace fd00:50::/64 dev eth0');
  await until('ping over IPv6', () => here.guest.ping(there.ip(6)));
});

it('follow a change of the subnet', async () => {
  const [four] = await site.tenant.list(subnet, { network_id: net.id, ip_version: 4 });
  assert.ok(four);
  await site.tenant.update(subnet, four.id, { dns_nameservers: ['192.0.2.9'] });
  await settled(site);
  assert.equal((await here.guest.dhcp(4)).options.domain_name_servers, '192.0.2.9');
});

it('carry nothing while admin_state_up is false', async () => {
  assert.equal(await here.guest.ping(there.ip()), true);
  await there.update({ admin_state_up: false });
  await settled(site);
  await until('silence', async () => !(await here.guest.ping(there.ip(), { count: 1 })));
  await statusBecomes(site, there.port.id, 'DOWN');
  await there.update({ admin_state_up: true });
  await until('ping', () => here.guest.ping(there.ip()));
  await statusBecomes(site, there.port.id, 'ACTIVE');
});

it('are DOWN when unplugged', async () => {
  await using brief = await addMachine(site, 'brief', { net, host: 1, groups: [pings] });
  await brief.guest.unplug();
  await statusBecomes(site, brief.port.id, 'DOWN');
});

it('are cut off when the port is deleted', async () => {
  const doomed = await addMachine(site, 'doomed', { net, host: 2, groups: [pings] });
  await doomed.guest.dhcp(4);
  await until('ping', () => here.guest.ping(doomed.ip()));
  await site.tenant.request('DELETE', `/v2.0/ports/${doomed.port.id}`);
  await settled(site);
  await until('silence', async () => !(await here.guest.ping(doomed.ip(), { count: 1 })));
  await doomed.guest[Symbol.asyncDispose]();
});

it('do not reach another network', async () => {
  const other = await addNetwork(site, 'other', [{ ip_version: 4, cidr: '10.50.0.0/24' }]);
  await using stranger = await addMachine(
    site,
    'stranger',
    { net: other, host: 1, groups: [pings] },
    {
      fixed_ips: [{ ip_address: '10.50.0.200' }],
    },
  );
  await stranger.guest.dhcp(4);
  assert.equal(await here.guest.ping('10.50.0.200'), false);
});
