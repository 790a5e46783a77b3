import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, port, qosBandwidthLimitRule, qosPolicy, type SecurityGroup } from '@ovenbird/api';
import { addGroup, addMachine, addNetwork, type Machine, openSite, type Site, settled } from './machines.ts';

// Policies at work between two machines on different hosts.
let site: Site;
let net: Network;
let open: SecurityGroup;
let sender: Machine;
let receiver: Machine;
const LIMIT_KBPS = 4000;
/** Bytes of Ethernet, IPv4 and UDP around each datagram; limits count whole frames. */
const AROUND = 14 + 20 + 8;

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.80.0.0/24' }]);
  open = await addGroup(site, 'open', [{ ethertype: 'IPv4' }]);
  sender = await addMachine(site, 'sender', { net, host: 1, groups: [open] });
  receiver = await addMachine(site, 'receiver', { net, host: 2, groups: [open] });
  for (const machine of [sender, receiver]) await machine.guest.dhcp();
});
after(() => site[Symbol.asyncDispose]());

/** Kilobits a second that arrive while three times the limit is sent, once bursts are used up. */
const arriving = async (): Promise<number> => {
  const listen = `
    const socket = require('dgram').createSocket('udp4');
    let bytes = 0, from = 0;
    socket.on('message', (data) => {
      const now = performance.now();
      if (from === 0) { from = now; return; }
      if (now - from > 1500) bytes += data.length + ${AROUND};
      if (now - from > 5500) { console.log(bytes * 8 / 4000); process.exit(0); }
    });
    socket.bind(9000);`;
  const send = `
    const socket = require('dgram').createSocket('udp4');
    const data = Buffer.alloc(1200), began = performance.now();
    let sent = 0;
    setInterval(() => {
      const due = (performance.now() - began) * ${3 * LIMIT_KBPS} / 8 / data.length;
      for (; sent < due; sent += 1) socket.send(data, 9000, '${receiver.ip()}');
    }, 5);`;
  const stop = new AbortController();
  const sending = sender.guest.run([process.execPath, '-e', send], {
    signal: stop.signal,
    timeoutMs: 20_000,
  });
  try {
    const { stdout } = await receiver.guest.run([process.execPath, '-e', listen], { timeoutMs: 15_000 });
    return Number(stdout.trim());
  } finally {
    stop.abort();
    await sending.catch(() => {}); // ended by us
  }
};

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
    const rate = await arriving();
    assert.ok(Math.abs(rate / LIMIT_KBPS - 1) < 0.15, `${direction}: ${rate} kbit/s`);
    await site.tenant.update(port, machine.port.id, { qos_policy_id: null });
  }
  await settled(site);
  const free = await arriving();
  assert.ok(free > 2 * LIMIT_KBPS, `without limit: ${free} kbit/s`);
});
