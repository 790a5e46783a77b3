import { choice, flag, integer, list, text, textMap } from './option.ts';

const SECONDS_A_DAY = 86_400;
const COUNT = { min: 0, max: 2_147_483_647 } as const;

const connections = {
  nbConnection: list({
    initial: ['tcp:127.0.0.1:6641'],
    description: 'Northbound database: unix:, tcp: or ssl: endpoints; the leader is found among them.',
  }),
  sbConnection: list({
    initial: ['tcp:127.0.0.1:6642'],
    description: 'Southbound database, likewise.',
  }),
  sbFollowers: flag({
    initial: false,
    description: 'Take any server of the Southbound cluster and not only its leader, which is spared so.',
  }),
  privateKey: text({ initial: '', description: 'ssl: file of our private key.' }),
  certificate: text({ initial: '', description: 'ssl: file of our certificate.' }),
  caCert: text({ initial: '', description: 'ssl: file of the authority that signed the servers.' }),
  probeInterval: integer({
    initial: 1_500,
    min: 0,
    max: 3_600_000,
    unit: 'milliseconds',
    description: 'Silence after which a server is asked whether it lives; 0: never.',
  }),
  retryMaxInterval: integer({
    initial: 8_000,
    min: 100,
    max: 180_000,
    unit: 'milliseconds',
    description: 'Longest pause between attempts to connect.',
  }),
  comparisonInterval: integer({
    initial: 60,
    min: 0,
    max: SECONDS_A_DAY,
    unit: 'seconds',
    description: 'Pause between rounds that compare all rows at a low pace and put them right; 0: no rounds.',
  }),
};

const dhcp = {
  metadataEnabled: flag({ initial: false, description: 'Make a metadata port on every network.' }),
  dnsServers: list({ initial: [], description: 'Name servers for subnets that name none.' }),
  dhcpDefaultLeaseTime: integer({
    initial: 43_200,
    min: 1,
    max: 2_147_483_647,
    unit: 'seconds',
    description: 'Lease time.',
  }),
  dhcp4GlobalOptions: textMap({ initial: {}, description: 'DHCPv4 options for every subnet.' }),
  dhcp6GlobalOptions: textMap({ initial: {}, description: 'DHCPv6 options for every subnet.' }),
  dhcpAlwaysReachable: flag({
    initial: true,
    description: 'Let requests for addresses reach the DHCP server whatever security groups say.',
  }),
  dhcpGuard: flag({
    initial: true,
    description: 'Drop what ports with port security send as DHCP servers, whatever security groups say.',
  }),
  disableDhcpForBaremetalPorts: flag({
    initial: false,
    description: 'Leave DHCP of bare metal ports to others.',
  }),
};

const switching = {
  liveMigrationActivationStrategy: choice(['rarp', ''], {
    initial: 'rarp',
    description: 'How the destination of a live migration comes into use.',
  }),
  igmpSnooping: flag({ initial: false, description: 'Learn multicast receivers.' }),
  igmpFlood: flag({ initial: false, description: 'Flood multicast to localnet ports.' }),
  igmpFloodReports: flag({ initial: true, description: 'Flood multicast reports to localnet ports.' }),
  igmpFloodUnregistered: flag({ initial: false, description: 'Flood multicast without receivers.' }),
  localnetLearnFdb: flag({ initial: false, description: 'Learn MAC addresses on localnet ports.' }),
  fdbAgeThreshold: integer({
    initial: 300,
    min: 0,
    max: SECONDS_A_DAY,
    unit: 'seconds',
    description: 'Age at which learned MAC addresses go; 0: never.',
  }),
  macBindingAgeThreshold: integer({
    initial: 300,
    min: 0,
    max: SECONDS_A_DAY,
    unit: 'seconds',
    description: 'Age at which learned neighbours go; 0: never.',
  }),
  broadcastArpsToAllRouters: flag({ initial: true, description: 'Broadcast ARP requests to every router.' }),
  routerIndirectSnat: flag({
    initial: true,
    description:
      'One rule translates all that a router sends out, from OVN 24.09 on; else one for each subnet.',
  }),
  statelessNat: flag({ initial: false, description: 'Floating IPs without connection tracking.' }),
  distributedFloatingIp: flag({ initial: false, description: 'Floating IPs on the host of the machine.' }),
  vhostSockDir: text({
    initial: '/var/run/openvswitch',
    description: 'vhost-user sockets on compute hosts.',
  }),
};

const globals = {
  ignoreLspDown: flag({ initial: false, description: 'Answer ARP for ports that are down.' }),
  fdbRemovalLimit: integer({ ...COUNT, initial: 0, description: 'FDB rows removed at once; 0: all.' }),
  macBindingRemovalLimit: integer({
    ...COUNT,
    initial: 0,
    description: 'Neighbours removed at once; 0: all.',
  }),
  l3Scheduler: choice(['leastloaded', 'chance'], {
    initial: 'leastloaded',
    description: 'How chassis are chosen for gateways.',
  }),
  haFailoverStrategy: choice(['normal', 'aggressive', 'conservative', 'manual'], {
    initial: 'normal',
    description: 'How fast gateways fail over; manual: by the three below.',
  }),
  bfdMinRx: integer({
    initial: 1_000,
    min: 1,
    max: 60_000,
    unit: 'milliseconds',
    description: 'BFD min_rx.',
  }),
  bfdMinTx: integer({ initial: 100, min: 1, max: 60_000, unit: 'milliseconds', description: 'BFD min_tx.' }),
  bfdMult: integer({ initial: 3, min: 1, max: 255, description: 'BFD multiplier.' }),
};

/** Section `ovn`: the databases and what shapes their rows. */
export const ovnOptions = { ...connections, ...dhcp, ...switching, ...globals };
