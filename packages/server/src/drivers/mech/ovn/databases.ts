import {
  type NorthboundTables,
  northboundSchema,
  type SouthboundTables,
  southboundSchema,
} from '@ovenbird/ovn-db';
import {
  type ClientOptions,
  createOvsdbClient,
  type IndexSpec,
  type MonitorConditions,
  type MonitorSpec,
  type OvsdbClient,
  type Replica,
  type TlsFiles,
} from '@ovenbird/ovsdb';
import { localnetPrefix } from './ids.ts';

export type NorthboundClient = OvsdbClient<NorthboundTables>;
export type SouthboundClient = OvsdbClient<SouthboundTables>;
export type Northbound = Replica<NorthboundTables>;
export type Southbound = Replica<SouthboundTables>;

export type RouterRow = NonNullable<ReturnType<Northbound['Logical_Router']['get']>>;

/** How to reach one database. */
export interface Connection {
  /** `unix:PATH`, `tcp:HOST:PORT`, `ssl:HOST:PORT`. */
  readonly endpoints: readonly string[];
  /** Default true. */
  readonly leaderOnly?: boolean;
  readonly tls?: TlsFiles;
  /** Milliseconds; defaults are the client's. */
  readonly probeIntervalMs?: number;
  readonly backoffMs?: { readonly min: number; readonly max: number };
}

/** What a client tells of itself. */
export type Hearing = Pick<ClientOptions<NorthboundTables>, 'onLog' | 'onTransaction'>;

/** What the driver reads of the Northbound database. */
export const northboundMonitor = {
  NB_Global: ['options', 'external_ids', 'nb_cfg', 'sb_cfg'],
  Address_Set: ['name', 'addresses', 'external_ids'],
  Logical_Switch: [
    'name',
    'ports',
    'qos_rules',
    'dns_records',
    'load_balancer',
    'other_config',
    'external_ids',
  ],
  Logical_Switch_Port: [
    'name',
    'type',
    'options',
    'parent_name',
    'tag_request',
    'addresses',
    'port_security',
    'up',
    'enabled',
    'dhcpv4_options',
    'dhcpv6_options',
    'ha_chassis_group',
    'external_ids',
  ],
  DNS: ['records', 'external_ids'],
  DHCP_Options: ['cidr', 'options', 'external_ids'],
  Port_Group: ['name', 'ports', 'acls', 'external_ids'],
  ACL: [
    'name',
    'priority',
    'direction',
    'match',
    'action',
    'log',
    'severity',
    'meter',
    'label',
    'options',
    'external_ids',
  ],
  Meter: ['name', 'unit', 'fair', 'bands', 'external_ids'],
  Meter_Band: ['action', 'rate', 'burst_size', 'external_ids'],
  QoS: ['priority', 'direction', 'match', 'action', 'bandwidth', 'external_ids'],
  Logical_Router: [
    'name',
    'ports',
    'static_routes',
    'nat',
    'load_balancer',
    'enabled',
    'options',
    'external_ids',
  ],
  Logical_Router_Port: [
    'name',
    'mac',
    'networks',
    'ha_chassis_group',
    'ipv6_ra_configs',
    'options',
    'external_ids',
  ],
  HA_Chassis_Group: ['name', 'ha_chassis', 'external_ids'],
  HA_Chassis: ['chassis_name', 'priority', 'external_ids'],
  Logical_Router_Static_Route: ['ip_prefix', 'nexthop', 'output_port', 'bfd', 'external_ids'],
  BFD: ['logical_port', 'dst_ip', 'external_ids'],
  Load_Balancer: ['name', 'vips', 'protocol', 'external_ids'],
  NAT: [
    'type',
    'external_ip',
    'logical_ip',
    'logical_port',
    'external_mac',
    'gateway_port',
    'options',
    'external_ids',
  ],
} as const satisfies MonitorSpec<NorthboundTables>;

/** Index of localnet ports of ours; the key is the same for all of them. */
export const LOCALNET = 'localnet';

const northboundIndexes: IndexSpec<NorthboundTables> = {
  Address_Set: { name: (row) => row.name },
  Logical_Switch: { name: (row) => row.name, balancer: (row) => [...row.load_balancer] },
  Logical_Switch_Port: {
    name: (row) => row.name,
    [LOCALNET]: (row) => (row.name.startsWith(localnetPrefix) ? LOCALNET : undefined),
  },
  Port_Group: { name: (row) => row.name },
  Meter: {
    name: (row) => row.name,
    owner: (row) => row.external_ids.get('neutron:device_owner'),
  },
  DNS: { switch: (row) => row.external_ids.get('ls_name') },
  Logical_Router: {
    name: (row) => row.name,
    nat: (row) => [...row.nat],
    balancer: (row) => [...row.load_balancer],
  },
  NAT: { floatingIp: (row) => row.external_ids.get('neutron:fip_id') },
  Load_Balancer: { floatingIp: (row) => row.external_ids.get('neutron:fip_id') },
  HA_Chassis_Group: {
    name: (row) => row.name,
    network: (row) => row.external_ids.get('neutron:network_id'),
  },
  BFD: { router: (row) => row.external_ids.get('neutron:router_id') },
  QoS: {
    port: (row) => row.external_ids.get('neutron:port_id'),
    floatingIp: (row) => row.external_ids.get('neutron:fip_id'),
    router: (row) => row.external_ids.get('neutron:router_id'),
  },
  DHCP_Options: {
    subnet: (row) => (row.external_ids.has('port_id') ? undefined : row.external_ids.get('subnet_id')),
    port: (row) => row.external_ids.get('port_id'),
  },
};

/** A client of the Northbound database with the columns and indexes that the driver reads. */
export const connectNorthbound = (connection: Connection, hearing: Hearing = {}): NorthboundClient =>
  createOvsdbClient<NorthboundTables>({
    database: 'OVN_Northbound',
    schema: northboundSchema(),
    monitor: northboundMonitor,
    indexes: northboundIndexes,
    ...connection,
    ...hearing,
  });

const southboundMonitor: MonitorSpec<SouthboundTables> = {
  Chassis: ['name', 'hostname', 'external_ids', 'other_config'],
  Chassis_Private: ['name', 'chassis', 'nb_cfg', 'nb_cfg_timestamp', 'external_ids'],
  Port_Binding: ['logical_port', 'type', 'chassis', 'additional_chassis', 'up'],
};

/** Of port bindings those that tell where OVN runs a gateway, and those of machines, which tell when they were claimed. */
const southboundConditions: MonitorConditions<SouthboundTables> = {
  Port_Binding: [
    ['type', '==', 'chassisredirect'],
    ['type', '==', 'l3gateway'],
    ['type', '==', ''],
  ],
};

const southboundIndexes: IndexSpec<SouthboundTables> = {
  Port_Binding: { port: (row) => row.logical_port },
  Chassis: { name: (row) => row.name, hostname: (row) => row.hostname },
  Chassis_Private: { name: (row) => row.name },
};

/** A client of the Southbound database with what is known of chassis. */
export const connectSouthbound = (connection: Connection, hearing: Hearing = {}): SouthboundClient =>
  createOvsdbClient<SouthboundTables>({
    database: 'OVN_Southbound',
    schema: southboundSchema(),
    monitor: southboundMonitor,
    conditions: southboundConditions,
    indexes: southboundIndexes,
    ...connection,
    ...hearing,
  });
