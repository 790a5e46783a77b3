import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { type Network, type Port, port, type SecurityGroup } from '@ovenbird/api';
import { addGroup, addMachine, addNetwork, type Machine, openSite, type Site, settled } from './machines.ts';

// What a machine may not say on its network, frame by frame, to a machine that lets everything in. The twin of each: the
// same frame arrives from a port without port security.
const script = path.join(import.meta.dirname, 'frames.py');
const HONEST = ['honest ARP reply', 'honest IPv4', 'honest IPv6', 'honest advertisement'];
const FALSE_FRAMES = 18;
/** What OVN 23.03 lets pass whatever the Northbound database says. */
const BEYOND_US = new Set(['router advertisement', 'solicitation with a MAC of another']);

let site: Site;
let net: Network;
let open: SecurityGroup;
let victim: Machine;
let other: Port;

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'net', [
    { ip_version: 4, cidr: '10.63.0.0/24' },
    { ip_version: 6, cidr: '2001:db8:63::/64' },
  ]);
  open = await addGroup(site, 'open', [{ ethertype: 'IPv4' }, { ethertype: 'IPv6' }]);
  victim = await addMachine(site, 'victim', { net, host: 2, groups: [open] });
  other = await site.tenant.create(port, { network_id: net.id, name: 'other' });
});
after(() => site[Symbol.asyncDispose]());

const NOBODY = { ip4: '10.63.0.222', ip6: '2001:db8:63::222' };

const addressesOf = ({ mac_address: mac, fixed_ips }: Port) => {
  const addresses = fixed_ips.map(({ ip_address }) => ip_address);
  const [ip4, ip6] = [false, true].map((six) => addresses.find((each) => each.includes(':') === six));
  return { mac, ip4, ip6: ip6 ?? NOBODY.ip6 };
};

/** Names of the frames that the victim gets while `liar` sends all of them. */
const arriving = async (liar: Machine): Promise<readonly string[]> => {
  await settled(site);
  const of = { own: liar.port, victim: victim.port, other };
  const addresses = Object.entries(of).map(([role, each]) => [role, addressesOf(each)]);
  const who = JSON.stringify({ ...Object.fromEntries(addresses), absent: NOBODY });
  const stop = new AbortController();
  const options = { signal: stop.signal, timeoutMs: 30_000 };
  const sending = liar.guest.run(['python3', script, 'send', 'eth0', who], options);
  try {
    const { code, stdout, stderr } = await victim.guest.run(['python3', script, 'watch', 'eth0', who]);
    assert.equal(code, 0, stderr);
    return stdout.split('\n').filter((line) => line !== '');
  } finally {
    stop.abort();
    await sending.catch(() => {}); // ended by us
  }
};

it('of 18 false frames none arrives that OVN can hold, and all of a port without port security', async () => {
  await using liar = await addMachine(site, 'liar', { net, host: 1, groups: [open] });
  const seen = await arriving(liar);
  assert.deepEqual(
    seen.filter((name) => !BEYOND_US.has(name)),
    HONEST,
  );
  await liar.update({ port_security_enabled: false, security_groups: [] });
  assert.equal((await arriving(liar)).length, HONEST.length + FALSE_FRAMES);
});

it('a machine without an IPv6 address says nothing over IPv6, least of all that it is a router', async () => {
  const [address] = victim.port.fixed_ips.filter(({ ip_address }) => !ip_address.includes(':'));
  const body = { fixed_ips: [{ subnet_id: address?.subnet_id }] };
  await using liar = await addMachine(site, 'liar4', { net, host: 1, groups: [open] }, body);
  assert.deepEqual(await arriving(liar), ['honest ARP reply', 'honest IPv4']);
});
