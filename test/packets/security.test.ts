import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import {
  addressGroup,
  type Network,
  type SecurityGroup,
  securityGroup,
  securityGroupRule,
} from '@ovenbird/api';
import { until } from '@ovenbird/server';
import {
  addGroup,
  addMachine,
  addNetwork,
  type Machine,
  openSite,
  type Site,
  settled,
  tcp,
} from './machines.ts';

// What security groups and port security let through.
let site: Site;
let net: Network;
let closed: SecurityGroup;
let web: SecurityGroup;
let client: Machine;
let server: Machine;

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.60.0.0/24' }]);
  closed = await addGroup(site, 'closed', []);
  web = await addGroup(site, 'web', [
    { ethertype: 'IPv4', protocol: 'tcp', port_range_min: 8080, port_range_max: 8081 },
  ]);
  client = await addMachine(site, 'client', { net, host: 1, groups: [closed] });
  server = await addMachine(site, 'server', { net, host: 2, groups: [web] });
  for (const machine of [client, server]) await machine.guest.dhcp();
});
after(() => site[Symbol.asyncDispose]());

it('a rule lets its protocol and ports in, and answers come back', async () => {
  assert.equal(await tcp(client.guest, server.guest, server.ip(), 8080), true);
  assert.equal(await tcp(client.guest, server.guest, server.ip(), 8081), true);
});

it('everything else is dropped', async () => {
  assert.equal(await tcp(client.guest, server.guest, server.ip(), 8082), false);
  assert.equal(await client.guest.ping(server.ip()), false);
  assert.equal(await tcp(server.guest, client.guest, client.ip(), 8080), false);
});

it('a machine gets its address although its group lets nothing out', async () => {
  const mute = await addGroup(site, 'mute', []);
  for (const rule of mute.security_group_rules) await site.tenant.remove(securityGroupRule, rule.id);
  await using silent = await addMachine(site, 'silent', { net, host: 1, groups: [mute] });
  assert.equal((await silent.guest.dhcp()).address, silent.ip());
  assert.equal(await silent.guest.ping(server.ip()), false);
  assert.equal(await tcp(silent.guest, server.guest, server.ip(), 8080), false);
});

it('a stateless group lets answers in by rules only', async () => {
  const group = await addGroup(site, 'stateless', [], { stateful: false });
  {
    await using asking = await addMachine(site, 'asking', { net, host: 1, groups: [group] });
    await asking.guest.dhcp();
    assert.equal(await tcp(asking.guest, server.guest, server.ip(), 8080), false);
    const answers = { security_group_id: group.id, direction: 'ingress', protocol: 'tcp', ethertype: 'IPv4' };
    await site.tenant.create(securityGroupRule, answers);
    await settled(site);
    assert.equal(await tcp(asking.guest, server.guest, server.ip(), 8080), true);
  }
  await site.tenant.remove(securityGroup, group.id);
});

it('a rule counts from its creation to its deletion', async () => {
  const ping = { security_group_id: web.id, direction: 'ingress', protocol: 'icmp', ethertype: 'IPv4' };
  const rule = await site.tenant.create(securityGroupRule, ping);
  await until('ping', () => client.guest.ping(server.ip()));
  await site.tenant.remove(securityGroupRule, rule.id);
  await settled(site);
  await until('silence', async () => !(await client.guest.ping(server.ip(), { count: 1 })));
});

it('a remote prefix lets only its addresses in', async () => {
  const from = (prefix: string) => ({ ethertype: 'IPv4', protocol: 'icmp', remote_ip_prefix: prefix });
  const group = await addGroup(site, 'from-client', [from(`${client.ip()}/32`)]);
  await using target = await addMachine(site, 'target', { net, host: 2, groups: [group] });
  await target.guest.dhcp();
  await until('ping', () => client.guest.ping(target.ip()));
  assert.equal(await server.guest.ping(target.ip()), false);
});

it('a remote group lets its members in, as they come and go', async () => {
  const group = await addGroup(site, 'from-closed', [{ ethertype: 'IPv4', remote_group_id: closed.id }]);
  await using target = await addMachine(site, 'member', { net, host: 2, groups: [group] });
  await target.guest.dhcp();
  await until('ping of a member', () => client.guest.ping(target.ip()));
  assert.equal(await server.guest.ping(target.ip()), false);
  await server.update({ security_groups: [web.id, closed.id] });
  await until('ping of a new member', () => server.guest.ping(target.ip()));
  await server.update({ security_groups: [web.id] });
  await settled(site);
  await until('silence', async () => !(await server.guest.ping(target.ip(), { count: 1 })));
});

it('an address group lets its addresses in, as they come and go', async () => {
  const addresses = await site.tenant.create(addressGroup, { name: 'friends' });
  const group = await addGroup(site, 'from-friends', [
    { ethertype: 'IPv4', protocol: 'icmp', remote_address_group_id: addresses.id },
  ]);
  await using target = await addMachine(site, 'friend', { net, host: 2, groups: [group] });
  await target.guest.dhcp();
  assert.equal(await client.guest.ping(target.ip()), false);
  const act = async (action: string): Promise<void> => {
    const path = `/v2.0/address-groups/${addresses.id}/${action}`;
    assert.equal((await site.tenant.request('PUT', path, { addresses: [client.ip()] })).status, 200);
  };
  await act('add_addresses');
  await until('ping of a friend', () => client.guest.ping(target.ip()));
  assert.equal(await server.guest.ping(target.ip()), false);
  await act('remove_addresses');
  await settled(site);
  await until('silence', async () => !(await client.guest.ping(target.ip(), { count: 1 })));
});

it('a machine of the default group is reached by its like only', async () => {
  await using first = await addMachine(site, 'default-1', { net, host: 1 });
  await using second = await addMachine(site, 'default-2', { net, host: 2 });
  for (const machine of [first, second]) await machine.guest.dhcp();
  await until('ping', () => first.guest.ping(second.ip()));
  assert.equal(await client.guest.ping(second.ip()), false);
});

it('an address of somebody else is not sent, unless a pair allows it', async () => {
  const open = await addGroup(site, 'open', [{ ethertype: 'IPv4', protocol: 'icmp' }]);
  await using target = await addMachine(site, 'witness', { net, host: 2, groups: [open] });
  await using liar = await addMachine(site, 'liar', { net, host: 1, groups: [open] });
  for (const machine of [target, liar]) await machine.guest.dhcp();
  await until('honest ping', () => liar.guest.ping(target.ip()));
  await liar.guest.address('10.60.0.222/32');
  const asAnother = async (): Promise<boolean> => {
    const ping = ['ping', '-c', '2', '-i', '0.2', '-W', '1', '-I', '10.60.0.222', target.ip()];
    return (await liar.guest.run(ping)).code === 0;
  };
  assert.equal(await asAnother(), false);
  await liar.update({ allowed_address_pairs: [{ ip_address: '10.60.0.222' }] });
  await until('ping from an allowed address', asAnother);
  await liar.update({ allowed_address_pairs: [] });
  await settled(site);
  await until('silence', async () => !(await asAnother()));
});

it('a MAC address of somebody else is not sent, unless port security is off', async () => {
  const open = await addGroup(site, 'open-too', [{ ethertype: 'IPv4', protocol: 'icmp' }]);
  await using target = await addMachine(site, 'mac-witness', { net, host: 2, groups: [open] });
  await using liar = await addMachine(site, 'mac-liar', { net, host: 1, groups: [open] });
  for (const machine of [target, liar]) await machine.guest.dhcp();
  await until('honest ping', () => liar.guest.ping(target.ip()));
  await liar.guest.ip('link set eth0 address 02:00:00:00:be:ef');
  assert.equal(await liar.guest.ping(target.ip()), false);
  await liar.update({ port_security_enabled: false, security_groups: [] });
  await until('ping without port security', async () => {
    await target.guest.ip('neigh flush dev eth0');
    return await liar.guest.ping(target.ip());
  });
});

it('the second host sees what the first one does', async () => {
  await server.update({
    security_groups: [web.id, (await addGroup(site, 'late', [{ ethertype: 'IPv4', protocol: 'icmp' }])).id],
  });
  await until('ping', () => client.guest.ping(server.ip()));
});
