import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { log, type Network, securityGroupRule } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addGroup, addMachine, addNetwork, type Machine, openSite, type Site, settled } from './machines.ts';

// What the hosts of a tenant's machines write down.
let site: Site;
let net: Network;
let client: Machine;
before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'logged', [{ ip_version: 4, cidr: '10.62.0.0/24' }]);
  client = await addMachine(site, 'client', { net, host: 1, groups: [await addGroup(site, 'closed', [])] });
  await client.guest.dhcp();
});
after(() => site[Symbol.asyncDispose]());

/** Lines that the host's controller wrote about a log. */
const linesOf = (logId: string): readonly string[] => {
  const host = site.stack.lab.hosts[1]?.name ?? '';
  const file = path.join(site.stack.lab.layout.log, `${host}-controller.log`);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes(`name="neutron-${logId}"`));
};

const written = (logId: string, verdict: string, direction: string) =>
  until(`a line about ${verdict} ${direction}`, async () =>
    linesOf(logId).some(
      (line) => line.includes(`verdict=${verdict}`) && line.includes(`direction=${direction}`),
    ),
  );

it('what a group drops and accepts is written down under the name of its log', async () => {
  const group = await addGroup(site, 'watched', [{ ethertype: 'IPv4', protocol: 'icmp' }]);
  await using server = await addMachine(site, 'server', { net, host: 2, groups: [group] });
  await server.guest.dhcp();
  const made = await site.admin.create(log, { resource_type: 'security_group', resource_id: group.id });
  await settled(site);
  await until('ping', () => client.guest.ping(server.ip()));
  await written(made.id, 'allow', 'to-lport');
  const knock = `require('net').connect({ host: '${server.ip()}', port: 9, timeout: 500 }).on('error', () => {})
    .on('timeout', () => process.exit(0));`;
  await client.guest.run([process.execPath, '-e', knock]);
  await written(made.id, 'drop', 'to-lport');
  await site.admin.update(log, made.id, { enabled: false });
  await settled(site);
  const before = linesOf(made.id).length;
  await client.guest.run([process.execPath, '-e', knock]);
  assert.equal(linesOf(made.id).length, before);
});

it('a machine gets its address although its group lets nothing out and logs that', async () => {
  const mute = await addGroup(site, 'mute', []);
  for (const rule of mute.security_group_rules) await site.tenant.remove(securityGroupRule, rule.id);
  const made = await site.admin.create(log, {
    resource_type: 'security_group',
    resource_id: mute.id,
    event: 'DROP',
  });
  await using silent = await addMachine(site, 'silent', { net, host: 2, groups: [mute] });
  await settled(site);
  assert.equal((await silent.guest.dhcp()).address, silent.ip());
  assert.equal(await silent.guest.ping(client.ip()), false);
  await written(made.id, 'drop', 'from-lport');
});
