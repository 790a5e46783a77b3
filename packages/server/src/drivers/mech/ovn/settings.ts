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
