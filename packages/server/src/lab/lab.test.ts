import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from './command.ts';
import { type Lab, LabInUse, startLab } from './lab.ts';
import { namespaces } from './namespaces.ts';
import { ProcessRecords, stillRuns } from './process-record.ts';

const network = '10.77.0.';
const ports = [1, 2].map((number) => ({
  id: `0000000${number}-1111-4111-8111-111111111111`,
  mac: `fa:16:3e:00:00:0${number}`,
  ip: `${network}${number + 10}`,
}));

describe('lab of two hosts', () => {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'ovenbird-lab-'));
  let lab: Lab;
  before(async () => {
    lab = await startLab({ stateDir, chassis: 2 });
    const dhcp = [
      'lease_time=3600',
      'router=10.77.0.1',
      'server_id=10.77.0.1',
      'server_mac=c0:ff:ee:00:00:01',
    ];
    await lab.central.nbctl('ls-add', 'net');
    await lab.central.nbctl('dhcp-options-create', `${network}0/24`);
    const options = (await lab.central.nbctl('--bare', '--columns=_uuid', 'list', 'dhcp_options')).trim();
    await lab.central.nbctl('dhcp-options-set-options', options, ...dhcp, 'mtu=1400');
    for (const port of ports) {
      await lab.central.nbctl('lsp-add', 'net', port.id);
      await lab.central.nbctl('lsp-set-addresses', port.id, `${port.mac} ${port.ip}`);
      await lab.central.nbctl('lsp-set-dhcpv4-options', port.id, options);
    }
  });
  after(async () => {
    await lab[Symbol.asyncDispose]();
    rmSync(stateDir, { recursive: true, force: true });
  });

  it('carries DHCP and pings between hosts over Geneve', async () => {
    const guests = await Promise.all(
      ports.map((port, index) => {
        const host = lab.hosts[index];
        assert.ok(host);
        return host.plug({ name: `vm${index}`, portId: port.id, mac: port.mac });
      }),
    );
    await until(
      'ports up',
      async () =>
        (await lab.central.nbctl('--bare', '--columns=up', 'list', 'logical_switch_port')) ===
        'true\n\ntrue\n',
    );
    const [first, second] = guests;
    assert.ok(first && second);
    const lease = await first.dhcp();
    assert.equal(lease.address, ports[0]?.ip);
    assert.equal(lease.options.interface_mtu, '1400');
    assert.equal(lease.options.routers, `${network}1`);
    assert.equal((await second.dhcp()).address, ports[1]?.ip);
    assert.equal(await first.ping(ports[1]?.ip ?? ''), true);
    assert.equal(await first.ping(`${network}99`, { count: 1 }), false);
    await second.unplug();
    await until(
      'port down',
      async () => (await lab.central.nbctl('lsp-get-up', ports[1]?.id ?? '')).trim() === 'down',
    );
  });

  it('reaches the machine beyond the cloud through the physical network, in a VLAN or without', async () => {
    const [host] = lab.hosts;
    assert.ok(host);
    const [id, mac] = ['00000003-1111-4111-8111-111111111111', 'fa:16:3e:00:00:03'];
    const { nbctl } = lab.central;
    await nbctl('ls-add', 'provider');
    await nbctl('lsp-add', 'provider', 'cable');
    await nbctl('lsp-set-type', 'cable', 'localnet');
    await nbctl('lsp-set-addresses', 'cable', 'unknown');
    await nbctl('lsp-set-options', 'cable', 'network_name=public');
    await nbctl('lsp-add', 'provider', id);
    await nbctl('lsp-set-addresses', id, `${mac} 10.78.0.2`);
    await using guest = await host.plug({ name: 'near', portId: id, mac, mtu: 1500 });
    await guest.address('10.78.0.2/24');
    await lab.outside.ip('address add 10.78.0.1/24 dev eth0');
    await until('ping', () => guest.ping('10.78.0.1'));
    await nbctl('set', 'logical_switch_port', 'cable', 'tag_request=105', 'tag=105');
    await lab.central.sync();
    await until('silence', async () => !(await guest.ping('10.78.0.1', { count: 1 })));
    await lab.outside.vlan(105, host);
    await lab.outside.ip('address del 10.78.0.1/24 dev eth0', 'address add 10.78.0.1/24 dev vlan105');
    await guest.ip('neighbour flush all');
    await until('ping in the VLAN', () => guest.ping('10.78.0.1'));
  });

  it('refuses a second lab on the same state', async () => {
    await assert.rejects(startLab({ stateDir }), LabInUse);
  });

  it('loses a host at once, and ends all the same', async () => {
    const [, second] = lab.hosts;
    assert.ok(second);
    const id = '00000004-1111-4111-8111-111111111111';
    const guest = await second.plug({ name: 'stranded', portId: id, mac: 'fa:16:3e:00:00:04' });
    await second.fail();
    await guest[Symbol.asyncDispose]();
    assert.equal(namespaces(guest.namespace).length, 0);
  });

  it('comes back with its data and leaves nothing on the machine', async () => {
    const { prefix } = lab.names;
    await lab[Symbol.asyncDispose]();
    assert.deepEqual(namespaces(prefix), []);
    assert.deepEqual(readdirSync(lab.layout.processes), []);
    lab = await startLab({ stateDir });
    assert.match(await lab.central.nbctl('ls-list'), /\(net\)/);
    assert.equal((await lab.central.sbctl('--bare', '--columns=name', 'list', 'chassis')).trim(), 'host1');
  });

  it('cleans up after a start that was killed', async () => {
    await lab[Symbol.asyncDispose]();
    const module = JSON.stringify(import.meta.resolve('./lab.ts'));
    const program = `const { startLab } = await import(${module});
      const lab = await startLab({ stateDir: ${JSON.stringify(stateDir)} });
      await lab.hosts[0].plug({ name: 'left', portId: '${ports[0]?.id}', mac: '${ports[0]?.mac}' });
      process.stdout.write('started');
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const left = readdirSync(lab.layout.processes);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(left.length >= 7, `${left}`);
    // Its programs go with it; what it made in the kernel is the next start's to remove.
    const records = new ProcessRecords(lab.layout.processes).all();
    await until('end of the programs', () => !records.some(stillRuns));
    lab = await startLab({ stateDir });
    assert.deepEqual(namespaces(`${lab.names.prefix}vm-`), []);
    assert.match(await lab.central.nbctl('ls-list'), /\(net\)/);
  });
});
