import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, port, qosBandwidthLimitRule, qosPolicy, type SecurityGroup } from '@ovenbird/api';
import { addGroup, addMachine, addNetwork, type Machine, openSite, type Site, settled } from './machines.ts';
import { arriving, holds } from './rate.ts';

// Policies at work between two machines on different hosts.
let site: Site;
let net: Network;
let open: SecurityGroup;
let sender: Machine;
let receiver: Machine;
const LIMIT_KBPS = 4000;

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.80.0.0/24' }]);
  open = await addGroup(site, 'open', [{ ethertype: 'IPv4' }]);
  sender = await addMachine(site, 'sender', { net, host: 1, groups: [open] });
  receiver = await addMachine(site, 'receiver', { net, host: 2, groups: [open] });
  for (const machine of [sender, receiver]) await machine.guest.dhcp();
});
after(() => site[Symbol.asyncDispose]());

it('a limit holds within 15 %, for what is sent and for what is received', async () => {
  for (const [direction, machine] of [
    ['egress', sender],
    ['ingress', receiver],
  ] as const) {
    const policy = await site.admin.create(qosPolicy, { shared: true });
    await site.admin.request('POST', `/v2.0/qos/policies/${policy.id}/bandwidth_limit_rules`, {
      [qosBandwidthLimitRule.name]: { max_kbps: LIMIT_KBPS, max_burst_kbps: LIMIT_KBPS / 10, direction },
    });
    await site.tenant.update(port, machine.port.id, { qos_policy_id: policy.id });
    await settled(site);
    await holds(direction, sender.guest, receiver.guest, { address: receiver.ip() }, LIMIT_KBPS);
    await site.tenant.update(port, machine.port.id, { qos_policy_id: null });
  }
  await settled(site);
  const free = await arriving(sender.guest, receiver.guest, { address: receiver.ip() }, LIMIT_KBPS);
  assert.ok(free > 2 * LIMIT_KBPS, `without limit: ${free} kbit/s`);
});
