import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { type Network, network } from '@ovenbird/api';
import { until } from '@ovenbird/server';
import { addMachine, addNetwork, type Machine, openSite, type Site, settled } from './machines.ts';

// Machines of a tenant that ask a resolver which is not there: OVN answers in its place.
const RESOLVER = '10.60.0.53';
const A = 1;
const PTR = 12;
const AAAA = 28;

let site: Site;
let net: Network;
let asker: Machine;
let web: Machine;

const machine = (name: string, host: 1 | 2, dns_name: string, address: string) =>
  addMachine(
    site,
    name,
    { net, host },
    {
      dns_name,
      device_id: name,
      fixed_ips: [{ ip_address: address }, { ip_address: address.replace('10.60.0.', 'fd00:60::') }],
    },
  );

before(async () => {
  site = await openSite();
  net = await addNetwork(site, 'named', [
    { ip_version: 4, cidr: '10.60.0.0/24', dns_nameservers: [RESOLVER] },
    { ip_version: 6, cidr: 'fd00:60::/64' },
  ]);
  asker = await machine('asker', 1, '', '10.60.0.5');
  web = await machine('web', 2, 'web', '10.60.0.6');
  await asker.guest.address('10.60.0.5/24');
  await asker.guest.ip(`neighbour replace ${RESOLVER} lladdr 02:00:00:00:00:53 dev eth0`);
  await settled(site);
});
after(() => site[Symbol.asyncDispose]());

/** One question without EDNS (RFC 1035 §4), which OVN answers; prints the octets of the answer in hexadecimal. */
const asking = (name: string, type: number) => `
  const octets = (text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
  const header = Buffer.from('abcd01000001000000000000', 'hex');
  const question = Buffer.concat([...'${name}'.split('.').map(octets), Buffer.from([0, 0, ${type}, 0, 1])]);
  const socket = require('node:dgram').createSocket('udp4');
  socket.on('message', (answer) => { console.log(answer.toString('hex')); process.exit(0); });
  setTimeout(() => process.exit(1), 1500);
  socket.send(Buffer.concat([header, question]), 53, '${RESOLVER}');`;

/** The data of the answers' records, in hexadecimal; undefined: nobody answered. */
const answers = async (name: string, type: number): Promise<readonly string[] | undefined> => {
  const { code, stdout } = await asker.guest.run([process.execPath, '-e', asking(name, type)]);
  if (code !== 0) return undefined;
  const packet = Buffer.from(stdout.trim(), 'hex');
  const found: string[] = [];
  let at = 12 + name.length + 2 + 4;
  for (let left = packet.readUInt16BE(6); left > 0; left -= 1) {
    // The name of a record is a pointer of two octets, or the whole name again.
    at += (packet[at] ?? 0) >= 0xc0 ? 2 : name.length + 2;
    const length = packet.readUInt16BE(at + 8);
    found.push(packet.subarray(at + 10, at + 10 + length).toString('hex'));
    at += 10 + length;
  }
  return found;
};

const v4 = (address: string) => Buffer.from(address.split('.').map(Number)).toString('hex');
const answersWith = (name: string, type: number, ...data: readonly string[]) =>
  until(
    `${name} is ${data}`,
    async () => (await answers(name, type))?.toSorted().join() === data.toSorted().join(),
  );

it('a name is answered with the addresses of its port, from any host', async () => {
  await answersWith('web', A, v4('10.60.0.6'));
  await answersWith('web.lab.example', A, v4('10.60.0.6'));
  await answersWith('WEB.Lab.Example', A, v4('10.60.0.6'));
  await answersWith('web', AAAA, 'fd000060000000000000000000000006');
});

it('an address is answered with its name', async () => {
  const [data] = (await answers('6.0.60.10.in-addr.arpa', PTR)) ?? [];
  assert.equal(Buffer.from(data ?? '', 'hex').toString('latin1'), '\x03web\x03lab\x07example\0');
});

it('a name that nobody has is not answered', async () => {
  assert.equal(await answers('nobody', A), undefined);
  assert.equal(await answers('asker', A), undefined);
});

it('names follow renamed ports, shared names and the domain of the network', async () => {
  const other = await machine('other', 1, 'web', '10.60.0.7');
  await answersWith('web', A, v4('10.60.0.6'), v4('10.60.0.7'));
  await web.update({ dns_name: 'db' });
  await answersWith('db', A, v4('10.60.0.6'));
  await answersWith('web', A, v4('10.60.0.7'));
  await site.tenant.update(network, net.id, { dns_domain: 'red.example.' });
  await answersWith('db.red.example', A, v4('10.60.0.6'));
  await other[Symbol.asyncDispose]();
  await until('web is gone', async () => (await answers('web', A)) === undefined);
});
