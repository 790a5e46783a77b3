import type { DatabaseSchema } from '@ovenbird/ovsdb';

/**
 * What of the configuration shapes OVN rows. Fixed for the life of the process: the content of OVN is a function of SQL
 * and of these values. Times are in the unit of the option.
 */
export interface OvnSettings {
  /** `[DEFAULT] base_mac`: prefix of MAC addresses that the service makes up. */
  readonly baseMac: string;
  /** `[DEFAULT] dns_domain`. */
  readonly dnsDomain: string;
  /** Name servers for subnets that name none: `[ovn] dns_servers`, else those of the API host; either family. */
  readonly dnsServers: readonly string[];
  /** `[ovn] dhcp_default_lease_time`, seconds. */
  readonly dhcpDefaultLeaseTime: number;
  readonly dhcp4GlobalOptions: { readonly [name: string]: string };
  readonly dhcp6GlobalOptions: { readonly [name: string]: string };
  /** Whether security groups leave requests for addresses alone. */
  readonly dhcpAlwaysReachable: boolean;
  /** Whether filtered ports are kept from acting as DHCP servers. */
  readonly dhcpGuard: boolean;
  readonly disableDhcpForBaremetalPorts: boolean;
  readonly metadataEnabled: boolean;
  /** `[ovn] live_migration_activation_strategy`: `rarp` or empty. */
  readonly liveMigrationActivationStrategy: string;
  readonly igmpSnooping: boolean;
  readonly igmpFlood: boolean;
  readonly igmpFloodReports: boolean;
  readonly igmpFloodUnregistered: boolean;
  readonly localnetLearnFdb: boolean;
  /** Seconds. */
  readonly fdbAgeThreshold: number;
  readonly broadcastArpsToAllRouters: boolean;
  readonly distributedFloatingIp: boolean;
  /**
   * `[ovn] ovn_router_indirect_snat`: one rule translates whatever a router sends out, else one for each subnet. In
   * force where OVN can hold it beside floating IPs, see {@link settingsFor}.
   */
  readonly routerIndirectSnat: boolean;
  /** `[ovn] stateless_nat_enabled`. */
  readonly statelessNat: boolean;
  /** Seconds. */
  readonly macBindingAgeThreshold: number;
  readonly ignoreLspDown: boolean;
  readonly fdbRemovalLimit: number;
  readonly macBindingRemovalLimit: number;
  /** `[ovn] ovn_l3_scheduler`. */
  readonly l3Scheduler: 'leastloaded' | 'chance';
  readonly haFailoverStrategy: 'normal' | 'aggressive' | 'conservative' | 'manual';
  /** Milliseconds; used with `manual`. */
  readonly bfdMinRx: number;
  readonly bfdMinTx: number;
  readonly bfdMult: number;
  /** `[ovn] vhost_sock_dir` on compute hosts. */
  readonly vhostSockDir: string;
  /** `[network_log] rate_limit` and `burst_limit`: packets a second, packets. */
  readonly logRateLimit: number;
  readonly logBurstLimit: number;
  /** `[network_log] local_output_log_base`: name of the meters; empty: `acl_log_meter`. */
  readonly localOutputLogBase: string;
  /** Seconds without a sign of life after which an agent counts as gone. */
  readonly agentDownTime: number;
}

/** The reference's defaults. */
export const defaultOvnSettings: OvnSettings = Object.freeze({
  baseMac: 'fa:16:3e:00:00:00',
  dnsDomain: 'openstacklocal',
  dnsServers: [],
  dhcpDefaultLeaseTime: 43_200,
  dhcp4GlobalOptions: {},
  dhcp6GlobalOptions: {},
  dhcpAlwaysReachable: true,
  dhcpGuard: true,
  disableDhcpForBaremetalPorts: false,
  metadataEnabled: false,
  liveMigrationActivationStrategy: 'rarp',
  igmpSnooping: false,
  igmpFlood: false,
  igmpFloodReports: true,
  igmpFloodUnregistered: false,
  localnetLearnFdb: false,
  fdbAgeThreshold: 300,
  broadcastArpsToAllRouters: true,
  distributedFloatingIp: false,
  routerIndirectSnat: true,
  statelessNat: false,
  macBindingAgeThreshold: 300,
  ignoreLspDown: false,
  fdbRemovalLimit: 0,
  macBindingRemovalLimit: 0,
  l3Scheduler: 'leastloaded',
  haFailoverStrategy: 'normal',
  bfdMinRx: 1000,
  bfdMinTx: 100,
  bfdMult: 3,
  vhostSockDir: '/var/run/openvswitch',
  agentDownTime: 75,
  logRateLimit: 100,
  logBurstLimit: 25,
  localOutputLogBase: '',
});

/** The first schema of a release of which all versions keep floating IPs apart from a rule for everything (24.09). */
const INDIRECT_SNAT = { major: 7, minor: 6 };

const servesIndirectSnat = (schema: DatabaseSchema | undefined): boolean => {
  const [major = 0, minor = 0] = (schema?.version ?? '').split('.').map(Number);
  return major > INDIRECT_SNAT.major || (major === INDIRECT_SNAT.major && minor >= INDIRECT_SNAT.minor);
};

/** The settings as far as the connected Northbound database can follow them. */
export const settingsFor = (settings: OvnSettings, schema: DatabaseSchema | undefined): OvnSettings =>
  settings.routerIndirectSnat && !servesIndirectSnat(schema)
    ? { ...settings, routerIndirectSnat: false }
    : settings;
