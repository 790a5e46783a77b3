import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startNorthd } from './northd.ts';
import { startOvnStack } from './stack.ts';

const run = promisify(execFile);

/** Options and values that have the form of an option and are none, or just one. */
const VALUES: readonly (readonly [name: string, value: string])[] = [
  ['classless-static-route', '10.0.0.0/8'],
  ['classless-static-route', '10.0.0.0/8,10.1.0.1'],
  ['classless-static-route', '10.0.0.0/8,10.1.0.1,'],
  ['classless-static-route', '1,2'],
  ['classless-static-route', '/'],
  ['router', '1.2.3'],
  ['router', '999.1.1.1'],
  ['router', '::1'],
  ['router', '.'],
  ['router', '10.1.0.1,10.1.0.2'],
  ['netmask', '{10.1.0.1, 10.1.0.2}'],
  ['dns-server', 'abc'],
  ['mtu', '9999999999'],
  ['mtu', '70000'],
  ['default-ttl', '300'],
  ['lease-time', '9999999999'],
  ['T1', '4294967296'],
  ['ip-forward-enable', 'true'],
  ['ip-forward-enable', '1'],
  ['domain-name', 'x'.repeat(254)],
  ['domain-name', "a'b $c {d} @e"],
  ['domain-search', 'a.example, b..example'],
  ['domain-search', 'a'.repeat(70)],
  ['tftp-server-address', '10.1.0.1'],
];

const VALUES_V6: typeof VALUES = [
  ['server-id', 'abc'],
  ['server-id', '00:11:22:33:44:55'],
  ['dns-server', '10.1.0.1'],
  ['dns-server', '2001:db8::1, 2001:db8::2'],
  ['domain-search', "a' b {c}"],
];

test('whatever is given as an option of DHCP, OVN understands the flows that come of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ovenbird-dhcp-values-'));
  try {
    await using stack = await startOvnStack(`sqlite:${join(folder, 'db')}`);
    const { id: network_id } = await stack.make('networks', { network: { name: 'a' } });
    await stack.make('subnets', { subnet: { network_id, ip_version: 4, cidr: '10.1.0.0/16' } });
    const mode = { ipv6_address_mode: 'dhcpv6-stateful', ipv6_ra_mode: 'dhcpv6-stateful' };
    await stack.make('subnets', { subnet: { network_id, ip_version: 6, cidr: '2001:db8::/64', ...mode } });
    const options = [
      ...VALUES.map(([opt_name, opt_value]) => ({ opt_name, opt_value, ip_version: 4 })),
      ...VALUES_V6.map(([opt_name, opt_value]) => ({ opt_name, opt_value, ip_version: 6 })),
    ];
    for (const option of options)
      await stack.make('ports', { port: { network_id, extra_dhcp_opts: [option] } });
    await using _northd = await startNorthd(stack.servers);
    const { northbound, southbound } = stack.servers;
    await run('ovn-nbctl', [`--db=${northbound.endpoint}`, '--wait=sb', '--timeout=60', 'sync']);
    const trace = [`--db=${southbound.endpoint}`, '--minimal', `neutron-${network_id}`, 'ip4'];
    const { stderr } = await run('ovn-trace', trace, { maxBuffer: 50_000_000 }).catch((error) => error);
    const complaints = String(stderr)
      .split('\n')
      .filter((line) => /pars/.test(line));
    assert.deepEqual(complaints, []);
    const { stdout } = await run('ovn-sbctl', [`--db=${southbound.endpoint}`, 'lflow-list']);
    // One for the first request of each port and one for its renewal.
    for (const action of [/put_dhcp_opts/g, /put_dhcpv6_opts/g])
      assert.ok((stdout.match(action)?.length ?? 0) >= options.length);
  } finally {
    await rm(folder, { recursive: true });
  }
});
