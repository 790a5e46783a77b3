import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../../db/database.ts';
import { forEachDialect } from '../../../testing/databases.ts';
import type { OvnMechanismDriver } from './driver.ts';
import {
  aclUuid,
  dnsUuid,
  dropGroupUuid,
  logMeterUuid,
  meterBandUuid,
  portGroupUuid,
  subnetDhcpUuid,
} from './ids.ts';
import { defaultOvnSettings } from './settings.ts';
import { contentOf } from './testing/content.ts';
import { driverOn } from './testing/driver.ts';
import { type OvnServers, startOvnServers } from './testing/ovn-servers.ts';
import { withRows } from './testing/rows.ts';

const id = (last: number): string => `00000000-0000-4000-8000-${String(last).padStart(12, '0')}`;
const [network, subnet, group, port, segment, rule, log] = [id(1), id(2), id(3), id(4), id(5), id(6), id(7)];
const project = 'b1e5e5f0-0000-4000-8000-000000000001';
const match = `outport == @pg_${group.replaceAll('-', '_')} && ip4 && ip4.src == 10.1.0.0/16 && tcp && tcp.dst == 22`;
const acl = aclUuid(group, 'to-lport', match);
const dhcpRequests =
  'inport == @neutron_pg_drop && ((ip4 && udp.src == 68 && udp.dst == 67) || (ip6.dst == ff02::1:2 && udp.src == 546 && udp.dst == 547))';
const dhcpAnswers =
  'inport == @neutron_pg_drop && ((ip4 && udp.src == 67 && udp.dst == 68) || (ip6 && udp.src == 547 && udp.dst == 546))';
const drop = {
  in: aclUuid('neutron_pg_drop', 'to-lport', 'outport == @neutron_pg_drop && ip'),
  out: aclUuid('neutron_pg_drop', 'from-lport', 'inport == @neutron_pg_drop && ip'),
  dhcp: aclUuid('neutron_pg_drop', 'from-lport', dhcpRequests),
  guard: aclUuid('neutron_pg_drop', 'from-lport', dhcpAnswers),
};

const aclRow = (given: object) => ({
  action: 'drop',
  log: false,
  meter: null,
  name: null,
  label: 0,
  options: {},
  priority: 1000,
  severity: null,
  external_ids: {},
  ...given,
});

const pg = `pg_${group.replaceAll('-', '_')}`;
/** What the group drops for its log. */
const own = {
  in: aclUuid(group, 'to-lport', `outport == @${pg} && ip`),
  out: aclUuid(group, 'from-lport', `inport == @${pg} && ip`),
};
const logged = (uuid: string) => ({
  log: true,
  name: `neutron-${log}`,
  severity: 'info',
  meter: 'acl_log_meter',
  label: Number.parseInt(uuid.slice(0, 8), 16),
  options: { 'log-related': 'true' },
});

const bands = {
  [meterBandUuid('acl_log_meter')]: { action: 'drop', rate: 100, burst_size: 25, external_ids: {} },
  [meterBandUuid('acl_log_meter_stateless')]: { action: 'drop', rate: 50, burst_size: 12, external_ids: {} },
};
const meters = Object.fromEntries(
  ['acl_log_meter', 'acl_log_meter_stateless'].map((name) => [
    logMeterUuid(name),
    {
      name,
      unit: 'pktps',
      fair: true,
      bands: [meterBandUuid(name)],
      external_ids: { 'neutron:device_owner': 'logging-plugin' },
    },
  ]),
);

const switches = {
  [network]: {
    name: `neutron-${network}`,
    ports: [port, segment].sort(),
    qos_rules: [],
    load_balancer: [],
    dns_records: [dnsUuid(network)],
    external_ids: {
      'neutron:network_name': 'net',
      'neutron:mtu': '1500',
      'neutron:revision_number': '1',
      'neutron:availability_zone_hints': '',
      'neutron:provnet-network-type': 'vlan',
      'neutron:provnet-physical-network': 'physnet1',
    },
    other_config: {
      mcast_snoop: 'false',
      mcast_flood_unregistered: 'false',
      'vlan-passthru': 'false',
      fdb_age_threshold: '300',
    },
  },
};

const localnet = {
  name: `provnet-${segment}`,
  type: 'localnet',
  addresses: ['unknown'],
  dhcpv4_options: null,
  dhcpv6_options: null,
  enabled: null,
  ha_chassis_group: null,
  parent_name: null,
  port_security: [],
  tag_request: 5,
  external_ids: { 'neutron:provnet-physical-network': 'physnet1' },
  options: {
    network_name: 'physnet1',
    mcast_flood_reports: 'true',
    mcast_flood: 'false',
    localnet_learn_fdb: 'false',
  },
};

const machine = {
  name: port,
  type: '',
  addresses: ['fa:16:00:00:00:00 10.0.0.5'],
  dhcpv4_options: subnetDhcpUuid(subnet),
  dhcpv6_options: null,
  enabled: true,
  ha_chassis_group: null,
  parent_name: null,
  port_security: ['fa:16:00:00:00:00 10.0.0.5'],
  tag_request: null,
  options: {},
  external_ids: {
    'neutron:port_name': 'port',
    'neutron:device_id': 'machine',
    'neutron:device_owner': '',
    'neutron:project_id': project,
    'neutron:cidrs': '10.0.0.5/24',
    'neutron:network_name': `neutron-${network}`,
    'neutron:security_group_ids': group,
    'neutron:subnet_pool_addr_scope4': '',
    'neutron:subnet_pool_addr_scope6': '',
    'neutron:revision_number': '1',
    'neutron:vnic_type': 'normal',
    'neutron:port_capabilities': '',
    'neutron:mtu': '',
  },
};

const dhcp = (mac: unknown) => ({
  [subnetDhcpUuid(subnet)]: {
    cidr: '10.0.0.0/24',
    external_ids: { subnet_id: subnet, 'neutron:network_id': network, 'neutron:revision_number': '1' },
    options: {
      server_id: '10.0.0.1',
      server_mac: mac,
      router: '10.0.0.1',
      lease_time: '43200',
      mtu: '1500',
      domain_name: '"example.org"',
    },
  },
});

const names = {
  [dnsUuid(network)]: {
    external_ids: { ls_name: `neutron-${network}` },
    records: {
      vm: '10.0.0.5',
      'vm.example.org': '10.0.0.5',
      'vm.net.example': '10.0.0.5',
      '5.0.0.10.in-addr.arpa': 'vm.example.org',
    },
  },
};

const groups = {
  [dropGroupUuid]: {
    name: 'neutron_pg_drop',
    ports: [port],
    acls: [drop.in, drop.out, drop.dhcp, drop.guard].sort(),
    external_ids: {},
  },
  [portGroupUuid(group)]: {
    name: `pg_${group.replaceAll('-', '_')}`,
    ports: [port],
    acls: [acl, own.in, own.out].sort(),
    external_ids: { 'neutron:security_group_id': group },
  },
};

const acls = {
  [drop.in]: aclRow({ direction: 'to-lport', match: 'outport == @neutron_pg_drop && ip' }),
  [drop.out]: aclRow({ direction: 'from-lport', match: 'inport == @neutron_pg_drop && ip' }),
  [drop.guard]: aclRow({ direction: 'from-lport', match: dhcpAnswers, priority: 1003 }),
  [drop.dhcp]: aclRow({ direction: 'from-lport', match: dhcpRequests, action: 'allow', priority: 1002 }),
  [acl]: aclRow({
    direction: 'to-lport',
    match,
    action: 'allow-related',
    priority: 1002,
    external_ids: { 'neutron:security_group_rule_id': rule },
    ...logged(acl),
  }),
  [own.in]: aclRow({
    direction: 'to-lport',
    match: `outport == @${pg} && ip`,
    priority: 1001,
    ...logged(own.in),
  }),
  [own.out]: aclRow({
    direction: 'from-lport',
    match: `inport == @${pg} && ip`,
    priority: 1001,
    ...logged(own.out),
  }),
};

/** One of everything that the main job needs. */
const fill = (database: Database): Promise<void> =>
  withRows(database, async (rows) => {
    const vlan = { id: segment, network_type: 'vlan', physical_network: 'physnet1', segmentation_id: 5 };
    await rows.network({ id: network, mtu: 1500, dns_domain: 'net.example.' }, [vlan]);
    await rows.subnet(network, { id: subnet });
    await rows.securityGroup({ id: group });
    const ssh = { protocol: 'tcp', port_range_min: 22, port_range_max: 22 };
    await rows.rule(group, { id: rule, ...ssh, remote_ip_prefix: '10.1.2.3/16' });
    await rows.log({ id: log, resource_id: group });
    const called = { dns_name: 'vm', device_id: 'machine' };
    await rows.port(
      network,
      { id: port, ...called },
      { addresses: [{ subnet, ip: '10.0.0.5' }], groups: [group] },
    );
  });

const driverOf = (servers: OvnServers, database: Database): OvnMechanismDriver =>
  driverOn(servers, database, { settings: { ...defaultOvnSettings, dnsDomain: 'example.org' } });

forEachDialect('OVN driver', (databases) => {
  it('writes the whole database as the mapping says, and takes it back', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await fill(database);
    await using driver = driverOf(servers, database);
    await driver.start?.(new AbortController().signal);
    await driver.resync();
    const content = contentOf(driver.northbound.replica);
    const [dhcpRow] = Object.values(content.DHCP_Options ?? {});
    const mac = Object.entries(dhcpRow?.options ?? {}).find(([key]) => key === 'server_mac')?.[1];
    assert.match(String(mac), /^fa:16:3e/);
    const { NB_Global: _global, ...tables } = content;
    assert.deepEqual(tables, {
      Address_Set: {},
      QoS: {},
      Logical_Router: {},
      Logical_Router_Port: {},
      HA_Chassis_Group: {},
      HA_Chassis: {},
      Logical_Router_Static_Route: {},
      BFD: {},
      NAT: {},
      Load_Balancer: {},
      Logical_Switch: switches,
      Logical_Switch_Port: { [port]: machine, [segment]: localnet },
      DNS: names,
      DHCP_Options: dhcp(mac),
      Port_Group: groups,
      ACL: acls,
      Meter: meters,
      Meter_Band: bands,
    });
    assert.deepEqual(await driver.drift(), []);

    await database.transaction(async ({ query }) => {
      for (const table of ['ports', 'subnets', 'networks', 'security_groups'] as const) {
        if (table === 'networks') await query.deleteFrom('network_segments').execute();
        if (table === 'security_groups') await query.deleteFrom('security_group_rules').execute();
        await query.deleteFrom(table).execute();
      }
    });
    assert.ok((await driver.drift()).length > 0);
    await driver.resync();
    const left = contentOf(driver.northbound.replica);
    assert.deepEqual(left.Logical_Switch_Port, {});
    assert.deepEqual(left.Logical_Switch, {});
    assert.deepEqual(left.DHCP_Options, {});
    assert.deepEqual(left.DNS, {});
    assert.deepEqual([left.Meter, left.Meter_Band], [{}, {}]);
    assert.deepEqual(Object.keys(left.Port_Group ?? {}), [dropGroupUuid]);
    assert.deepEqual(Object.keys(left.ACL ?? {}).sort(), [drop.in, drop.out, drop.dhcp, drop.guard].sort());
  });

  it('takes no duty from others before it is started', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const { signal } = new AbortController();
    await using idle = driverOf(servers, database);
    await idle.northbound.ready(signal);
    await using driver = driverOf(servers, database);
    await driver.start?.(signal);
    await driver.resync();
    const row = { kind: 'network', id: network, created_at: '2026-01-01T00:00:00Z' };
    await database.transaction(({ query }) => query.insertInto('journal').values(row).execute());
    const left = () => database.read(({ query }) => query.selectFrom('journal').select('id').execute());
    const deadline = performance.now() + 15_000;
    while ((await left()).length > 0 && performance.now() < deadline) await sleep(100);
    assert.deepEqual(await left(), []);
  });
});
