import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand, tryCommand } from './command.ts';
import { dhcpClientConfiguration, dhcpClientScript, type Lease, parseLease } from './dhcp-client.ts';
import type { LabLayout } from './layout.ts';
import { type LabNames, tapName } from './names.ts';
import { addNamespace, ipBatch, namespaces, removeNamespace } from './namespaces.ts';
import { type Shell, shellIn } from './shell.ts';

export interface GuestOptions {
  /** Short name of the guest: letters, digits, dashes. */
  readonly name: string;
  /** Id of the port in the Networking API. */
  readonly portId: string;
  readonly mac: string;
  /** MTU of its interface, octets. Default 1442: Geneve over IPv4 on 1,500. */
  readonly mtu?: number;
}

/** What a guest needs of its host. */
export interface GuestHost {
  readonly name: string;
  readonly namespace: string;
  /** False after a failure: there is no switch to be taken off. */
  readonly running: boolean;
  vsctl(...args: readonly string[]): Promise<string>;
}

/** A machine of a tenant: a network namespace with one interface, `eth0`, plugged into a port. */
export interface Guest extends Shell, AsyncDisposable {
  readonly name: string;
  readonly portId: string;
  /** Get an address by DHCP (dhclient); throws when no server answers in `seconds` (default 10). */
  dhcp(family?: 4 | 6, seconds?: number): Promise<Lease>;
  /** Set a static address, `ADDRESS/PREFIX`. IPv6 without duplicate address detection. */
  address(address: string): Promise<void>;
  /** Take it off the switch, keeping the guest; the port goes DOWN. */
  unplug(): Promise<void>;
}

/** Make the namespace and plug it. Removes what a guest of the same name left. */
export async function createGuest(
  options: GuestOptions & { readonly host: GuestHost; readonly layout: LabLayout; readonly names: LabNames },
): Promise<Guest> {
  const { host, layout, portId } = options;
  const namespace = options.names.guest(options.name);
  const tap = tapName(portId);
  if (namespaces(namespace).includes(namespace)) await removeNamespace(namespace);
  await addNamespace(namespace);
  const mtu = options.mtu ?? 1442;
  await ipBatch(namespace, [
    `link add eth0 address ${options.mac} mtu ${mtu} type veth peer name ${tap} netns ${host.namespace}`,
    'link set eth0 up',
  ]);
  await ipBatch(host.namespace, [`link set ${tap} mtu ${mtu} up`]);
  // The userspace datapath does not fill in checksums that the kernel leaves to hardware.
  await inNamespace(namespace, ['ethtool', '-K', 'eth0', 'tx', 'off', 'rx', 'off']);
  const ids = [`external_ids:iface-id=${portId}`, `external_ids:attached-mac="${options.mac}"`];
  await host.vsctl('--may-exist', 'add-port', 'br-int', tap, '--', 'set', 'interface', tap, ...ids);
  const unplug = async (): Promise<void> => {
    if (host.running) await host.vsctl('--if-exists', 'del-port', 'br-int', tap);
  };
  return {
    ...shellIn(namespace),
    name: options.name,
    portId,
    unplug,
    address: (address) =>
      ipBatch(namespace, [`address add ${address} dev eth0${address.includes(':') ? ' nodad' : ''}`]),
    dhcp: (family = 4, seconds = 10) => askForLease(layout, namespace, family, seconds),
    async [Symbol.asyncDispose]() {
      await unplug();
      await removeNamespace(namespace);
    },
  };
}

async function inNamespace(namespace: string, command: readonly string[]): Promise<string> {
  return await runCommand(['nsenter', `--net=/run/netns/${namespace}`, ...command]);
}

async function askForLease(
  layout: LabLayout,
  namespace: string,
  family: 4 | 6,
  seconds: number,
): Promise<Lease> {
  const base = path.join(layout.run, `${namespace}-dhcp${family}`);
  const [program, script, answer, leases, pid] = [
    path.join(layout.run, 'dhcp-client'),
    path.join(layout.run, 'dhcp-client.sh'),
    `${base}.env`,
    `${base}.leases`,
    `${base}.pid`,
  ];
  if (!existsSync(program)) {
    // Debian's AppArmor profile binds /usr/sbin/dhclient to the system's own script, which would rewrite resolv.conf.
    copyFileSync('/usr/sbin/dhclient', program);
    chmodSync(program, 0o755);
    writeFileSync(script, dhcpClientScript, { mode: 0o755 });
  }
  rmSync(answer, { force: true });
  rmSync(leases, { force: true });
  writeFileSync(`${base}.conf`, dhcpClientConfiguration(seconds));
  const files = ['-sf', script, '-lf', leases, '-pf', pid, '-cf', `${base}.conf`];
  await tryCommand(
    [
      'nsenter',
      `--net=/run/netns/${namespace}`,
      program,
      `-${family}`,
      '-1',
      '-e',
      `ANSWER=${answer}`,
      ...files,
      'eth0',
    ],
    { timeoutMs: (seconds + 5) * 1000 },
  );
  if (existsSync(pid)) {
    // The lease outlives the lab: no renewal, so that nothing runs on in the guest.
    const running = Number(readFileSync(pid, 'utf8'));
    if (running > 0) await tryCommand(['kill', '-KILL', `${running}`]);
    rmSync(pid, { force: true });
  }
  if (!existsSync(answer)) throw new Error(`${namespace}: no DHCPv${family} lease within ${seconds} s`);
  return parseLease(readFileSync(answer, 'utf8'));
}
