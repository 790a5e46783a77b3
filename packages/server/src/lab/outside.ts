import type { LabHost } from './chassis.ts';
import { runCommand } from './command.ts';
import type { Fabric } from './fabric.ts';
import type { LabNames } from './names.ts';
import { addNamespace, ipBatch, removeNamespace } from './namespaces.ts';
import { type Shell, shellIn } from './shell.ts';

/**
 * A machine beyond the cloud: its interface `eth0` is on the physical network `public`, as are the bridges `br-ex` of all
 * hosts. It has no address; it forwards between its interfaces.
 */
export interface Outside extends Shell, AsyncDisposable {
  /**
   * Add the interface `vlanTAG`, which is in this VLAN of `public`: an access port of that host's `br-ex`, as not every
   * kernel knows VLAN interfaces.
   */
  vlan(tag: number, host: Pick<LabHost, 'namespace' | 'vsctl'>): Promise<void>;
}

/** The fabric's place for a machine that is no host. */
const PLACE = 0;
const MTU = 1500;

export async function createOutside(names: LabNames, fabric: Fabric): Promise<Outside> {
  const namespace = names.outside;
  await addNamespace(namespace);
  await fabric.connect('public', PLACE, namespace, 'eth0');
  await ipBatch(namespace, [`link set eth0 mtu ${MTU}`]);
  const shell = shellIn(namespace);
  const run = (...command: readonly string[]): Promise<string> =>
    runCommand(['nsenter', `--net=/run/netns/${namespace}`, ...command]);
  // The userspace datapath does not fill in checksums that the kernel leaves to hardware.
  const withChecksums = (name: string): Promise<string> =>
    run('ethtool', '-K', name, 'tx', 'off', 'rx', 'off');
  await withChecksums('eth0');
  await run('sysctl', '-qw', 'net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1');
  return {
    ...shell,
    async vlan(tag, host) {
      const [ours, theirs] = [`vlan${tag}`, `out${tag}`];
      await shell.ip(
        `link add ${ours} mtu ${MTU} type veth peer name ${theirs} netns ${host.namespace}`,
        `link set ${ours} up`,
      );
      await ipBatch(host.namespace, [`link set ${theirs} mtu ${MTU} up`]);
      await withChecksums(ours);
      await host.vsctl('add-port', 'br-ex', theirs, `tag=${tag}`);
    },
    [Symbol.asyncDispose]: () => removeNamespace(namespace),
  };
}
