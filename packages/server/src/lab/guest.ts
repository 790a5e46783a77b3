import { chmodSync, copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CommandOptions, type CommandResult, runCommand, tryCommand } from './command.ts';
import { dhcpClientConfiguration, dhcpClientScript, type Lease, parseLease } from './dhcp-client.ts';
import type { LabLayout } from './layout.ts';
import { type LabNames, tapName } from './names.ts';
import { addNamespace, ipBatch, namespaces, removeNamespace } from './namespaces.ts';

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
  vsctl(...args: readonly string[]): Promise<string>;
}

/** A machine of a tenant: a network namespace with one interface, `eth0`, plugged into a port. */
export interface Guest extends AsyncDisposable {
  readonly name: string;
  readonly namespace: string;
  readonly portId: string;
  /** Get an address by DHCP (dhclient); throws when no server answers in `seconds` (default 10). */
  dhcp(family?: 4 | 6, seconds?: number): Promise<Lease>;
  /** Set a static address, `ADDRESS/PREFIX`. IPv6 without duplicate address detection. */
  address(address: string): Promise<void>;
  /** Send `count` (default 2) echo requests, each waited for at most `seconds` (default 1); true when one is answered. */
  ping(address: string, options?: { readonly count?: number; readonly seconds?: number }): Promise<boolean>;
  /** Run a program in the guest. */
  run(command: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Run commands of ip(8) in the guest. */
  ip(...lines: readonly string[]): Promise<void>;
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
  const run = (command: readonly string[], commandOptions?: CommandOptions): Promise<CommandResult> =>
    tryCommand(['nsenter', `--net=/run/netns/${namespace}`, ...command], commandOptions);
  const unplug = async (): Promise<void> => {
    await host.vsctl('--if-exists', 'del-port', 'br-int', tap);
  };
  return {
    name: options.name,
    namespace,
    portId,
    run,
    unplug,
    ip: (...lines) => ipBatch(namespace, lines),
    address: (address) =>
      ipBatch(namespace, [`address add ${address} dev eth0${address.includes(':') ? ' nodad' : ''}`]),
    dhcp: (family = 4, seconds = 10) => askForLease(layout, namespace, family, seconds),
    async ping(address, { count = 2, seconds = 1 } = {}) {
      // -i below a second: the answers of a lab come in a millisecond; -W bounds each.
      const { code } = await run([
        'ping',
        '-n',
        '-q',
        '-c',
        `${count}`,
        '-i',
        '0.2',
        '-W',
        `${seconds}`,
        address,
      ]);
      return code === 0;
    },
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
