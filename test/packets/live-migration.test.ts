import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, it } from 'node:test';
import { type Network, port } from '@ovenbird/api';
import { type Guest, until } from '@ovenbird/server';
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
import { type Stream, startStream } from './silence.ts';

// A machine that moves from host 1 to host 2 while another, on host 3, pings it.
const things = new AsyncDisposableStack();
let site: Site;
let net: Network;
let machine: Machine;
let peer: Machine;
/** The machine's copy on the destination. */
let copy: Guest;
let stream: Stream;
const announce = path.join(import.meta.dirname, 'announce.py');
/** Longest time without an answer. The copy speaks some tenths of a second after the machine falls silent. */
const LONGEST_SECONDS = 3;

const hostName = (number: number): string => site.stack.lab.hosts[number - 1]?.name ?? assert.fail('no host');
const nameOf = async (uuid: string) =>
  (await site.stack.lab.central.sbctl('--bare', 'get', 'chassis', uuid, 'name')).trim();

const bindings = async () => {
  const { body } = await site.admin.request('GET', `/v2.0/ports/${machine.port.id}/bindings`);
  const { bindings: all } = body as { readonly bindings: readonly { host: string; status: string }[] };
  return all.map(({ host, status }) => `${host} ${status}`).sort();
};

const option = async (name: string): Promise<string> => {
  const { nbctl } = site.stack.lab.central;
  const value = await nbctl('--if-exists', 'get', 'logical_switch_port', machine.port.id, `options:${name}`);
  return value.trim().replaceAll('"', '');
};

/** Names of the chassis in a column of the port's Port_Binding. */
const chassis = async (column: 'chassis' | 'additional_chassis'): Promise<readonly string[]> => {
  const where = `logical_port=${machine.port.id}`;
  const found = await site.stack.lab.central.sbctl(
    '--bare',
    `--columns=${column}`,
    'find',
    'port_binding',
    where,
  );
  return Promise.all(found.split(/\s+/).filter(Boolean).map(nameOf));
};

/** Echo requests that its kernel has received. */
const asked = async (guest: Guest): Promise<number> => {
  const { stdout } = await guest.run(['cat', '/proc/net/snmp']);
  const [names = [], values = []] = [...stdout.matchAll(/^Icmp: (.*)$/gm)].map(([, line = '']) =>
    line.split(' '),
  );
  return Number(values[names.indexOf('InEchos')] ?? assert.fail(stdout));
};

before(async () => {
  site = things.use(await openSite({ chassis: 3 }));
  net = await addNetwork(site, 'net', [{ ip_version: 4, cidr: '10.63.0.0/24' }]);
  const groups = [await addGroup(site, 'pings', [{ ethertype: 'IPv4', protocol: 'icmp' }])];
  machine = await addMachine(site, 'machine', { net, host: 1, groups }, { device_owner: 'compute:nova' });
  peer = await addMachine(site, 'peer', { net, host: 3, groups });
  for (const one of [machine, peer]) await one.guest.dhcp();
  await until('ping', () => peer.guest.ping(machine.ip()));
  stream = things.use(startStream(peer.guest, machine.ip()));
});
after(() => things.disposeAsync());

it('is prepared on the destination', async () => {
  const made = await site.admin.request('POST', `/v2.0/ports/${machine.port.id}/bindings`, {
    binding: { host: hostName(2) },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.deepEqual(await bindings(), [`${hostName(1)} ACTIVE`, `${hostName(2)} INACTIVE`]);
  assert.equal(await option('requested-chassis'), hostName(1));

  await site.admin.update(port, machine.port.id, { 'binding:profile': { migrating_to: hostName(2) } });
  await settled(site);
  assert.equal(await option('requested-chassis'), `${hostName(1)},${hostName(2)}`);
  assert.equal(await option('activation-strategy'), 'rarp');
  await statusBecomes(site, machine.port.id, 'ACTIVE');
});

it('is carried by both hosts, and silent on the destination until it is announced there', async () => {
  const { id, mac_address: mac } = machine.port;
  const destination = site.stack.lab.hosts[1] ?? assert.fail('no host');
  copy = await destination.plug({ name: 'copy', portId: id, mac });
  await copy.address(`${machine.ip()}/24`);
  await until('two chassis', async () => (await chassis('additional_chassis')).join() === hostName(2));
  assert.deepEqual(await chassis('chassis'), [hostName(1)]);
  await settled(site);
  assert.equal(await copy.ping(peer.ip()), false);
  assert.equal(await peer.guest.ping(machine.ip()), true);
});

it('answers from the destination as soon as it is announced there, before the API is told', async () => {
  await machine.guest.ip('link set eth0 down');
  const { code, stderr } = await copy.run(['python3', announce, 'eth0', machine.port.mac_address]);
  assert.equal(code, 0, stderr);
  await until('ping', () => peer.guest.ping(machine.ip(), { count: 1 }));
  assert.equal(await copy.ping(peer.ip()), true);
});

it('is only on the destination once that binding is activated and the old one deleted', async () => {
  const path = `/v2.0/ports/${machine.port.id}/bindings`;
  const activated = await site.admin.request('PUT', `${path}/${hostName(2)}/activate`);
  assert.equal(activated.status, 200, JSON.stringify(activated.body));
  assert.deepEqual(await bindings(), [`${hostName(1)} INACTIVE`, `${hostName(2)} ACTIVE`]);
  await settled(site);
  assert.equal(await option('requested-chassis'), hostName(2));
  assert.equal(await option('activation-strategy'), '');
  await until('one chassis', async () => (await chassis('chassis')).join() === hostName(2));
  assert.deepEqual(await chassis('additional_chassis'), []);
  await statusBecomes(site, machine.port.id, 'ACTIVE');

  assert.equal((await site.admin.request('DELETE', `${path}/${hostName(1)}`)).status, 204);
  assert.deepEqual(await bindings(), [`${hostName(2)} ACTIVE`]);
  const after = await site.admin.show(port, machine.port.id);
  assert.equal(after['binding:host_id'], hostName(2));
  assert.equal(after['binding:vif_type'], 'ovs');
  assert.equal(after.status, 'ACTIVE');
});

it('is cut off on the host that it left, though it still runs there', async () => {
  await settled(site);
  await machine.guest.ip('link set eth0 up');
  const [left, moved] = [await asked(machine.guest), await asked(copy)];
  assert.equal(await peer.guest.ping(machine.ip(), { count: 5 }), true);
  assert.equal(await machine.guest.ping(peer.ip()), false);
  assert.equal(await asked(machine.guest), left);
  assert.ok((await asked(copy)) >= moved + 5);
  assert.equal((await site.admin.show(port, machine.port.id)).status, 'ACTIVE');
});

it('was silent for a moment only', async (t) => {
  const { sent, lost, silence } = await stream.end();
  t.diagnostic(`${lost} of ${sent} echo requests lost, silent for ${silence.toFixed(1)} s`);
  assert.ok(silence < LONGEST_SECONDS, `${silence} s`);
});
