import { randomUUID } from 'node:crypto';
import { type HostRoute, parseIp } from '@ovenbird/api';
import type { Insertable } from 'kysely';
import type { Database, Transaction } from '../../../../db/database.ts';
import type { LogsTable } from '../../../../db/log-tables.ts';
import type { NetworkSegmentsTable } from '../../../../db/segment-tables.ts';
import type {
  FloatingIpsTable,
  NetworksTable,
  PortBindingsTable,
  PortForwardingsTable,
  PortsTable,
  RoutersTable,
  SecurityGroupRulesTable,
  SecurityGroupsTable,
  SubnetsTable,
} from '../../../../db/tables.ts';

type Given<T> = Partial<Insertable<T>>;

const project = 'b1e5e5f0-0000-4000-8000-000000000001';

const standard = (tx: Transaction) => ({
  project_id: project,
  description: '',
  created_at: tx.now,
  updated_at: tx.now,
  revision_number: 1,
});

/** Addresses, groups and pairs that come with a port. */
export interface PortExtras {
  readonly addresses?: readonly { readonly subnet: string; readonly ip: string }[];
  readonly groups?: readonly string[];
  readonly pairs?: readonly { readonly mac: string; readonly ip: string }[];
  readonly binding?: Given<PortBindingsTable>;
}

/** `position`: among the gateways of the router. */
export interface RouterPortExtras extends PortExtras {
  readonly position?: number;
}

const sortText = (ip: string): string => {
  const parsed = parseIp(ip);
  return (parsed?.value ?? 0n).toString(16).padStart(parsed?.version === 6 ? 32 : 8, '0');
};

/** SQL rows as the resources write them, inserted directly. Every method gives the id. */
export class Rows {
  readonly #tx: Transaction;

  constructor(tx: Transaction) {
    this.#tx = tx;
  }

  async network(given: Given<NetworksTable> = {}, segments?: readonly Given<NetworkSegmentsTable>[]) {
    const id = given.id ?? randomUUID();
    const row = {
      ...standard(this.#tx),
      id,
      name: 'net',
      admin_state_up: 1,
      status: 'ACTIVE',
      mtu: 1442,
      port_security_enabled: 1,
      external: 0,
      is_default: 0,
      vlan_transparent: null,
      availability_zone_hints: '[]',
      dns_domain: '',
    } as const;
    await this.#tx.query
      .insertInto('networks')
      .values({ ...row, ...given })
      .execute();
    const wanted = segments ?? [{ network_type: 'geneve', segmentation_id: 1 }];
    for (const [index, segment] of wanted.entries())
      await this.#tx.query
        .insertInto('network_segments')
        .values({
          id: randomUUID(),
          network_id: id,
          network_type: 'geneve',
          physical_network: null,
          segmentation_id: null,
          segment_index: index,
          is_dynamic: 0,
          name: '',
          description: '',
          created_at: this.#tx.now,
          updated_at: this.#tx.now,
          revision_number: 1,
          ...segment,
        })
        .execute();
    return id;
  }

  async subnet(network: string, given: Given<SubnetsTable> = {}) {
    const id = given.id ?? randomUUID();
    const row = {
      ...standard(this.#tx),
      id,
      network_id: network,
      name: 'subnet',
      ip_version: 4,
      cidr: '10.0.0.0/24',
      gateway_ip: '10.0.0.1',
      enable_dhcp: 1,
      ipv6_ra_mode: null,
      ipv6_address_mode: null,
      subnetpool_id: null,
      segment_id: null,
      allocation_pools: '[]',
      dns_nameservers: '[]',
      host_routes: '[]',
      service_types: '[]',
      dns_publish_fixed_ip: 0,
    } as const;
    await this.#tx.query
      .insertInto('subnets')
      .values({ ...row, ...given })
      .execute();
    return id;
  }

  async port(network: string, given: Given<PortsTable> = {}, extras: PortExtras = {}) {
    const id = given.id ?? randomUUID();
    const mac = given.mac_address ?? ['fa:16', ...[0, 2, 4, 6].map((at) => id.slice(at, at + 2))].join(':');
    const row = {
      ...standard(this.#tx),
      id,
      network_id: network,
      name: 'port',
      mac_address: mac,
      admin_state_up: 1,
      status: 'DOWN',
      device_id: '',
      device_owner: '',
      port_security_enabled: 1,
      extra_dhcp_opts: '[]',
      ip_allocation: 'immediate',
      dns_name: '',
      dns_domain: '',
      traits: '{}',
    } as const;
    const { query } = this.#tx;
    await query
      .insertInto('ports')
      .values({ ...row, ...given })
      .execute();
    for (const [position, { subnet, ip }] of (extras.addresses ?? []).entries())
      await query
        .insertInto('ip_allocations')
        .values({
          port_id: id,
          network_id: network,
          subnet_id: subnet,
          ip_address: ip,
          ip_sort: sortText(ip),
          position,
        })
        .execute();
    for (const group of extras.groups ?? [])
      await query
        .insertInto('port_security_groups')
        .values({ port_id: id, security_group_id: group })
        .execute();
    for (const pair of extras.pairs ?? [])
      await query
        .insertInto('allowed_address_pairs')
        .values({ port_id: id, network_id: network, mac_address: pair.mac, ip_address: pair.ip })
        .execute();
    const binding = { host: '', status: 'ACTIVE', vnic_type: 'normal', profile: '{}', vif_type: 'unbound' };
    await query
      .insertInto('port_bindings')
      .values({ port_id: id, vif_details: '{}', ...binding, ...extras.binding })
      .execute();
    return id;
  }

  async securityGroup(given: Given<SecurityGroupsTable> = {}) {
    const id = given.id ?? randomUUID();
    const row = { ...standard(this.#tx), id, name: 'group', stateful: 1 } as const;
    await this.#tx.query
      .insertInto('security_groups')
      .values({ ...row, ...given })
      .execute();
    return id;
  }

  async rule(group: string, given: Given<SecurityGroupRulesTable> = {}) {
    const id = given.id ?? randomUUID();
    const row = {
      ...standard(this.#tx),
      id,
      security_group_id: group,
      direction: 'ingress',
      ethertype: 'IPv4',
      protocol: null,
      port_range_min: null,
      port_range_max: null,
      remote_group_id: null,
      remote_address_group_id: null,
      remote_ip_prefix: null,
      normalized_cidr: null,
      fingerprint: id,
    };
    await this.#tx.query
      .insertInto('security_group_rules')
      .values({ ...row, ...given })
      .execute();
    return id;
  }

  async router(given: Given<RoutersTable> = {}, routes: readonly HostRoute[] = []) {
    const id = given.id ?? randomUUID();
    const row = {
      ...standard(this.#tx),
      id,
      name: 'router',
      admin_state_up: 1,
      status: 'ACTIVE',
      enable_snat: 1,
      enable_default_route_bfd: 0,
      enable_default_route_ecmp: 0,
      availability_zone_hints: '[]',
      flavor_id: null,
      ha: 1,
    } as const;
    await this.#tx.query
      .insertInto('routers')
      .values({ ...row, ...given })
      .execute();
    for (const route of routes)
      await this.#tx.query
        .insertInto('router_routes')
        .values({ router_id: id, ...route })
        .execute();
    return id;
  }

  /** A port of a router; `position` undefined: an interface, else a gateway. */
  async routerPort(router: string, network: string, given: Given<PortsTable>, extras: RouterPortExtras) {
    const { position, ...rest } = extras;
    const owner = position === undefined ? 'network:router_interface' : 'network:router_gateway';
    const port = await this.port(network, { ...given, device_id: router, device_owner: owner }, rest);
    await this.#tx.query
      .insertInto('router_ports')
      .values({ router_id: router, port_id: port, port_type: owner, position: position ?? 0 })
      .execute();
    return port;
  }

  /** The first chassis is the first choice. */
  async gatewaySchedule(router: string, chassis: readonly string[]) {
    for (const [index, chassis_name] of chassis.entries())
      await this.#tx.query
        .insertInto('gateway_schedules')
        .values({ router_id: router, chassis_name, priority: chassis.length - index })
        .execute();
  }

  async log(given: Given<LogsTable> = {}) {
    const id = given.id ?? randomUUID();
    const row = {
      ...standard(this.#tx),
      id,
      name: 'log',
      resource_type: 'security_group',
      resource_id: null,
      event: 'ALL',
      target_id: null,
      enabled: 1,
      all_projects: 0,
    } as const;
    await this.#tx.query
      .insertInto('logs')
      .values({ ...row, ...given })
      .execute();
    return id;
  }

  /** With the port that holds its address. */
  async floatingIp(
    given: Given<FloatingIpsTable> & { readonly id: string; readonly floating_network_id: string },
    port: Given<PortsTable> = {},
  ) {
    const owner = { device_id: given.id, device_owner: 'network:floatingip', ...port };
    const row: Insertable<FloatingIpsTable> = {
      ...standard(this.#tx),
      id: given.id,
      floating_network_id: given.floating_network_id,
      floating_ip_address: '192.0.2.10',
      floating_port_id: await this.port(given.floating_network_id, owner),
      fixed_port_id: null,
      fixed_ip_address: null,
      router_id: null,
      last_known_router_id: null,
      status: 'ACTIVE',
      dns_name: '',
      dns_domain: '',
    };
    await this.#tx.query
      .insertInto('floating_ips')
      .values({ ...row, ...given })
      .execute();
    return given.id;
  }

  async portForwarding(
    given: Given<PortForwardingsTable> & Pick<PortForwardingsTable, 'floatingip_id' | 'internal_port_id'>,
  ) {
    const row = { ...standard(this.#tx), id: randomUUID(), protocol: 'tcp', internal_ip_address: '10.0.0.5' };
    const first = { external_port_start: 80, external_port_end: 80 };
    await this.#tx.query
      .insertInto('port_forwardings')
      .values({ ...row, ...first, internal_port_start: 80, internal_port_end: 80, ...given })
      .execute();
  }

  async deletePort(id: string) {
    await this.#tx.query.deleteFrom('ports').where('id', '=', id).execute();
  }
}

/** Run `write` in one transaction. */
export const withRows = <T>(
  database: Database,
  write: (rows: Rows, tx: Transaction) => Promise<T>,
): Promise<T> => database.transaction((tx) => write(new Rows(tx), tx));
