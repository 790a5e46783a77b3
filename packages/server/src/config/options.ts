import { mechanismOptions } from './ml2-options.ts';
import { novaOptions } from './nova-options.ts';
import { choice, flag, integer, integerMap, list, type Option, text } from './option.ts';
import { ovnOptions } from './ovn-options.ts';

const PORT = { min: 0, max: 65_535 } as const;

/** Every setting there is, by section. The single place that knows their names, defaults and units. */
export const options = {
  api: {
    host: text({ initial: '127.0.0.1', description: 'Address that the API listens on.' }),
    port: integer({ ...PORT, initial: 9696, description: 'TCP port of the API; 0: any free one.' }),
    publicUrl: text({
      initial: '',
      description: 'Base of the links in answers; empty: what the client asked.',
    }),
    tlsCertificate: text({
      initial: '',
      description:
        "PEM file of the API's certificate and its chain, read again when it changes; empty: plain HTTP.",
    }),
    tlsKey: text({ initial: '', description: 'PEM file of the key of that certificate.' }),
    maxBodySize: integer({
      initial: 1_048_576,
      min: 1_024,
      max: 104_857_600,
      unit: 'octets',
      description: 'Longest request body.',
    }),
    requestTimeout: integer({
      initial: 60,
      min: 1,
      max: 3_600,
      unit: 'seconds',
      description: 'Time for a client to send its request.',
    }),
    idleTimeout: integer({
      initial: 120,
      min: 1,
      max: 3_600,
      unit: 'seconds',
      description: 'Time after which a connection on which nothing moves is cut, slow readers included.',
    }),
    maxHeadSize: integer({
      initial: 16_384,
      min: 4_096,
      max: 1_048_576,
      unit: 'octets',
      description: 'Longest URL and headers of a request.',
    }),
    maxListLength: integer({
      initial: 10_000,
      min: 1,
      max: 1_000_000,
      description: 'Most members of a list in a request body.',
    }),
    maxConnections: integer({
      initial: 10_000,
      min: 1,
      max: 1_000_000,
      description: 'Connections at once, in each process.',
    }),
    maxRequests: integer({
      initial: 1_000,
      min: 1,
      max: 1_000_000,
      description: 'Requests worked on at once, in each process; others are answered 503.',
    }),
    requestRate: integer({
      initial: 0,
      min: 0,
      max: 1_000_000,
      unit: 'requests a second',
      description:
        'Long-term limit of each project in each process, beyond it 429; 0: none. Several processes allow a project the sum.',
    }),
    requestBurst: integer({
      initial: 100,
      min: 1,
      max: 1_000_000,
      description: 'Requests of a project at once after a pause, where requestRate limits them.',
    }),
    metricsAccess: choice(['local', 'all'], {
      initial: 'local',
      description: 'Who may read /metrics: clients on this host, or everybody.',
    }),
    stopDelay: integer({
      initial: 0,
      min: 0,
      max: 300,
      unit: 'seconds',
      description: 'How long requests are still taken after the readiness page says that the service stops.',
    }),
  },
  process: {
    user: text({
      initial: '',
      description:
        'Name or number of the user that a service started as root becomes before it opens anything.',
    }),
    group: text({ initial: '', description: 'Its group; empty: that of the same name or number.' }),
  },
  log: {
    level: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      initial: 'info',
      description: 'Least important messages that are written.',
    }),
    requests: flag({ initial: true, description: 'One line (level info) for every answered request.' }),
  },
  audit: {
    log: text({
      initial: '',
      description:
        'File that gets one record for every request that writes or is refused; stderr: standard error; empty: none.',
    }),
    format: choice(['json', 'cadf'], {
      initial: 'json',
      description: 'Form of these records; cadf: events of the Cloud Auditing Data Federation.',
    }),
  },
  database: {
    url: text({
      initial: 'sqlite:.ovenbird/ovenbird.db',
      description: 'sqlite:PATH for one process, or postgres://… for several.',
    }),
    statementTimeout: integer({
      initial: 30,
      min: 1,
      max: 3_600,
      unit: 'seconds',
      description:
        'Time that PostgreSQL has for one statement, waiting for locks included; then the request is answered 503.',
    }),
  },
  identity: {
    driver: choice(['lab', 'keystone', 'none'], {
      initial: 'none',
      description: 'Who checks tokens; none: everybody is an administrator.',
    }),
    path: text({ initial: '.ovenbird/identity.json', description: 'lab: file of the lab identity service.' }),
    url: text({ initial: 'http://127.0.0.1:5000/v3', description: 'Where the identity service is.' }),
    userName: text({ initial: 'neutron', description: 'keystone: user that validates tokens.' }),
    password: text({ initial: '', description: 'keystone: password of that user.' }),
    projectName: text({ initial: 'service', description: 'keystone: project of that user.' }),
    userDomainName: text({ initial: 'Default', description: 'keystone: domain of that user.' }),
    projectDomainName: text({ initial: 'Default', description: 'keystone: domain of that project.' }),
    caFile: text({
      initial: '',
      description: "keystone: certificates to trust instead of the system's, PEM; read at the start.",
    }),
    serviceTokenRoles: list({
      initial: ['service'],
      description: 'Roles of which a service token (X-Service-Token) must have one.',
    }),
    tokenCacheTime: integer({
      initial: 60,
      min: 0,
      max: 86_400,
      unit: 'seconds',
      description:
        'keystone: how long a checked token is believed, even if it is revoked; 0: each time asked for.',
    }),
  },
  policy: {
    file: text({ initial: '', description: 'YAML or JSON file of rules that replace the built-in ones.' }),
  },
  ovn: ovnOptions,
  ml2: mechanismOptions,
  nova: novaOptions,
  quotas: {
    default: integer({
      initial: -1,
      min: -1,
      max: 2_147_483_647,
      description: 'Limit of resources that have none of their own; -1: none.',
    }),
    limits: integerMap({
      initial: {},
      min: -1,
      max: 2_147_483_647,
      description: 'Limits by quota name (port, network, …) in place of the built-in ones; -1: none.',
    }),
  },
  limits: {
    maxDnsNameservers: integer({ initial: 5, min: 0, max: 100, description: 'Name servers of a subnet.' }),
    maxSubnetHostRoutes: integer({
      initial: 20,
      min: 0,
      max: 1_000,
      description: 'Host routes of a subnet.',
    }),
    maxAllowedAddressPair: integer({
      initial: 10,
      min: 0,
      max: 1_000,
      description: 'Allowed address pairs of a port.',
    }),
    paginationMaxLimit: integer({
      initial: -1,
      min: -1,
      max: 2_147_483_647,
      description: 'Largest page of a list; -1: no limit.',
    }),
    bulk: flag({ initial: true, description: 'Whether several resources may be made by one request.' }),
  },
  network: {
    baseMac: text({
      initial: 'fa:16:3e:00:00:00',
      description: 'What new MAC addresses start with: three octets, or four when the fourth is not 00.',
    }),
    dnsDomain: text({ initial: 'openstacklocal', description: 'Domain that DHCP tells to machines.' }),
    agentDownTime: integer({
      initial: 75,
      min: 1,
      max: 86_400,
      unit: 'seconds',
      description: 'Silence after which an agent counts as gone.',
    }),
    availabilityZones: list({ initial: [], description: 'Zones of networks that name none.' }),
  },
  networkLog: {
    rateLimit: integer({
      initial: 100,
      min: 100,
      max: 1_000_000,
      unit: 'packets a second',
      description: 'Most that a host writes down for logs of security groups.',
    }),
    burstLimit: integer({
      initial: 25,
      min: 25,
      max: 1_000_000,
      unit: 'packets',
      description: 'How many of those may come at once.',
    }),
    localOutputLogBase: text({
      initial: '',
      description: 'Name of the meters in OVN; empty: acl_log_meter.',
    }),
  },
  routers: {
    enableSnatByDefault: flag({
      initial: true,
      description: 'Whether gateways hide inner addresses unless a request says otherwise.',
    }),
    enableDefaultRouteBfd: flag({
      initial: false,
      description: 'Whether default routes of new routers use BFD.',
    }),
    enableDefaultRouteEcmp: flag({
      initial: false,
      description: 'Whether all gateways of new routers carry default traffic.',
    }),
    maxRoutes: integer({
      initial: 30,
      min: -1,
      max: 10_000,
      description: 'Extra routes of a router; -1: no limit.',
    }),
  },
} as const satisfies { readonly [section: string]: { readonly [name: string]: Option<unknown> } };
