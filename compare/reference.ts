import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { iniText, type Sections } from '../conformance/ini.ts';
import { answers, region } from '../conformance/keystone.ts';
import { dnsDomain, quotas } from '../conformance/service.ts';
import { runCommand, until } from '../packages/server/src/lab/command.ts';
import { startDaemon } from '../packages/server/src/lab/daemon.ts';
import type { Lab } from '../packages/server/src/lab/lab.ts';
import type { ProcessRecords } from '../packages/server/src/lab/process-record.ts';
import { startMariaDb } from './mariadb.ts';
import { nameServer } from './settings.ts';

export interface ReferenceOptions {
  readonly folder: string;
  readonly host: string;
  readonly port: number;
  readonly ovn: Lab;
  readonly identityUrl: string;
  /** Of Keystone's user `neutron`. */
  readonly password: string;
  readonly physicalNetwork: string;
  readonly logFolder: string;
  readonly records: ProcessRecords;
}

const servicePlugins = [
  ...['ovn-router', 'qos', 'segments', 'trunk', 'port_forwarding', 'network_segment_range', 'log'],
  ...['network_ip_availability', 'auto_allocate', 'flavors', 'tag', 'timestamp', 'revisions'],
];
const extensionDrivers = [
  ...['port_security', 'qos', 'dns_domain_keywords', 'port_device_profile', 'port_numa_affinity_policy'],
  ...['uplink_status_propagation', 'tag_ports_during_bulk_creation'],
];

const serverConf = (options: ReferenceOptions, database: string): Sections => ({
  DEFAULT: {
    log_file: path.join(options.logFolder, 'neutron-server.log'),
    state_path: path.join(options.folder, 'state'),
    bind_host: options.host,
    bind_port: options.port,
    auth_strategy: 'keystone',
    api_paste_config: '/etc/neutron/api-paste.ini',
    core_plugin: 'ml2',
    service_plugins: servicePlugins.join(','),
    api_workers: 1,
    rpc_workers: 1,
    rpc_state_report_workers: 0,
    transport_url: 'fake://',
    dns_domain: dnsDomain,
    vlan_transparent: true,
    notify_nova_on_port_status_changes: false,
    notify_nova_on_port_data_changes: false,
  },
  database: { connection: database },
  keystone_authtoken: {
    www_authenticate_uri: options.identityUrl,
    auth_url: options.identityUrl,
    auth_type: 'password',
    username: 'neutron',
    password: options.password,
    project_name: 'service',
    user_domain_name: 'Default',
    project_domain_name: 'Default',
    region_name: region,
    service_token_roles_required: true,
  },
  oslo_concurrency: { lock_path: path.join(options.folder, 'locks') },
  quotas: Object.fromEntries(Object.entries(quotas).map(([name, limit]) => [`quota_${name}`, limit])),
});

const pluginConf = ({ ovn, physicalNetwork }: ReferenceOptions): Sections => ({
  ml2: {
    mechanism_drivers: 'ovn',
    type_drivers: 'local,flat,vlan,vxlan,geneve,gre',
    tenant_network_types: 'geneve',
    extension_drivers: extensionDrivers.join(','),
    overlay_ip_version: 4,
  },
  ml2_type_flat: { flat_networks: '*' },
  ml2_type_vlan: { network_vlan_ranges: `${physicalNetwork}:100:200` },
  ml2_type_geneve: { vni_ranges: '1:2000', max_header_size: 38 },
  ml2_type_vxlan: { vni_ranges: '1:2000' },
  ml2_type_gre: { tunnel_id_ranges: '1:2000' },
  securitygroup: { enable_security_group: true },
  ovn: {
    ovn_nb_connection: ovn.central.northbound,
    ovn_sb_connection: ovn.central.southbound,
    neutron_sync_mode: 'off',
    ovn_l3_scheduler: 'leastloaded',
    enable_distributed_floating_ip: false,
    ovn_metadata_enabled: true,
    dns_servers: nameServer,
  },
});

/**
 * Start neutron-server with ML2 and OVN, as Debian ships it, on a database of its own. Disposing stops it; the log folder
 * has what it said. The first start in a folder makes the tables, which takes a minute.
 */
export const startReference = async (options: ReferenceOptions): Promise<AsyncDisposable> => {
  await using started = new AsyncDisposableStack();
  const [server, plugin] = ['neutron.conf', 'ml2.ini'].map((name) => path.join(options.folder, name)) as [
    string,
    string,
  ]; // as many as are mapped
  for (const name of ['state', 'locks']) mkdirSync(path.join(options.folder, name), { recursive: true });
  const files = ['--config-file', server, '--config-file', plugin];
  const configure = (database: string): void => {
    writeFileSync(server, iniText(serverConf(options, database)), { mode: 0o600 });
    writeFileSync(plugin, iniText(pluginConf(options)));
  };
  const database = started.use(
    await startMariaDb(options, async ({ url }) => {
      configure(url);
      await runCommand(['neutron-db-manage', ...files, 'upgrade', 'heads'], { timeoutMs: 600_000 });
    }),
  );
  configure(database.url);
  const daemon = started.use(
    startDaemon({
      name: 'neutron-server',
      command: ['neutron-server', ...files],
      logFolder: options.logFolder,
      records: options.records,
      graceMs: 20_000,
    }),
  );
  const url = `http://${options.host}:${options.port}/`;
  await until('neutron-server', () => answers(url, daemon), { timeoutMs: 180_000, everyMs: 300 });
  const running = started.move();
  return { [Symbol.asyncDispose]: () => running.disposeAsync() };
};
