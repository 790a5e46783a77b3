import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import type { TlsFiles } from '@ovenbird/ovsdb';
import type { Config } from '../../../config/config.ts';
import { isLoopback } from '../../../core/loopback.ts';
import type { Connection } from './databases.ts';
import type { OvnSettings } from './settings.ts';

const RESOLV_CONF = '/etc/resolv.conf';

/** Name servers in the text of a resolv.conf, but for those that only this host can ask. */
export const nameserversOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => /^\s*nameserver\s+(\S+)/.exec(line)?.[1] ?? '')
    .filter((address) => isIP(address) !== 0 && !isLoopback(address));

async function hostNameservers(): Promise<readonly string[]> {
  try {
    return nameserversOf(await readFile(RESOLV_CONF, 'utf8'));
  } catch {
    // A host without the file resolves names by other means; machines are then told of no server.
    return [];
  }
}

/** What of the configuration shapes OVN rows. Name servers of this host are read once, for subnets that name none. */
export async function ovnSettings(
  config: Pick<Config, 'ovn' | 'network' | 'networkLog'>,
): Promise<OvnSettings> {
  const { ovn, network, networkLog } = config;
  return Object.freeze({
    baseMac: network.baseMac,
    dnsDomain: network.dnsDomain,
    agentDownTime: network.agentDownTime,
    dnsServers: ovn.dnsServers.length > 0 ? ovn.dnsServers : await hostNameservers(),
    dhcpDefaultLeaseTime: ovn.dhcpDefaultLeaseTime,
    dhcp4GlobalOptions: ovn.dhcp4GlobalOptions,
    dhcp6GlobalOptions: ovn.dhcp6GlobalOptions,
    dhcpAlwaysReachable: ovn.dhcpAlwaysReachable,
    dhcpGuard: ovn.dhcpGuard,
    disableDhcpForBaremetalPorts: ovn.disableDhcpForBaremetalPorts,
    metadataEnabled: ovn.metadataEnabled,
    liveMigrationActivationStrategy: ovn.liveMigrationActivationStrategy,
    igmpSnooping: ovn.igmpSnooping,
    igmpFlood: ovn.igmpFlood,
    igmpFloodReports: ovn.igmpFloodReports,
    igmpFloodUnregistered: ovn.igmpFloodUnregistered,
    localnetLearnFdb: ovn.localnetLearnFdb,
    fdbAgeThreshold: ovn.fdbAgeThreshold,
    broadcastArpsToAllRouters: ovn.broadcastArpsToAllRouters,
    distributedFloatingIp: ovn.distributedFloatingIp,
    routerIndirectSnat: ovn.routerIndirectSnat,
    statelessNat: ovn.statelessNat,
    macBindingAgeThreshold: ovn.macBindingAgeThreshold,
    ignoreLspDown: ovn.ignoreLspDown,
    fdbRemovalLimit: ovn.fdbRemovalLimit,
    macBindingRemovalLimit: ovn.macBindingRemovalLimit,
    l3Scheduler: ovn.l3Scheduler,
    haFailoverStrategy: ovn.haFailoverStrategy,
    bfdMinRx: ovn.bfdMinRx,
    bfdMinTx: ovn.bfdMinTx,
    bfdMult: ovn.bfdMult,
    vhostSockDir: ovn.vhostSockDir,
    logRateLimit: networkLog.rateLimit,
    logBurstLimit: networkLog.burstLimit,
    localOutputLogBase: networkLog.localOutputLogBase,
  });
}

const tlsOf = ({ privateKey, certificate, caCert }: Config['ovn']): TlsFiles | undefined =>
  privateKey === '' ? undefined : { privateKey, certificate, caCertificate: caCert };

/** How to reach the two databases. */
export function ovnConnections(config: Pick<Config, 'ovn'>): {
  readonly northbound: Connection;
  readonly southbound: Connection;
} {
  const tls = tlsOf(config.ovn);
  const timing = {
    probeIntervalMs: config.ovn.probeInterval,
    backoffMs: { min: 50, max: config.ovn.retryMaxInterval },
  };
  const common = tls === undefined ? timing : { ...timing, tls };
  return {
    northbound: { endpoints: config.ovn.nbConnection, ...common },
    southbound: { endpoints: config.ovn.sbConnection, leaderOnly: !config.ovn.sbFollowers, ...common },
  };
}
