import { randomUUID } from 'node:crypto';
import type { Transaction } from '../../db/database.ts';
import type { Rows } from '../../drivers/mech/ovn/testing/rows.ts';
import type { Severity } from '../check.ts';

/** What tests plant faults into. */
export interface World {
  readonly network: string;
  readonly subnet: string;
  readonly external: string;
  /** A group that ports use. */
  readonly group: string;
  /** A port of a server, in that group. */
  readonly port: string;
  /** The port of the router, at 10.0.0.1. */
  readonly routerPort: string;
  readonly router: string;
  /** An address group of narrow prefixes. */
  readonly addresses: string;
}

/** What a check must find: one finding about this subject. */
export interface Planted {
  readonly subject: string;
  readonly evidence?: RegExp;
  readonly severity?: Severity;
}

export const addressGroup = async (tx: Transaction, addresses: readonly string[]): Promise<string> => {
  const id = randomUUID();
  const times = { created_at: tx.now, updated_at: tx.now, revision_number: 1 };
  await tx.query
    .insertInto('address_groups')
    .values({ id, project_id: 'p', name: 'addresses', description: '', ...times })
    .execute();
  for (const address of addresses)
    await tx.query.insertInto('address_group_addresses').values({ address_group_id: id, address }).execute();
  return id;
};

export const segment = async (tx: Transaction, id: number): Promise<void> => {
  await tx.query
    .insertInto('segment_allocations')
    .values({ network_type: 'geneve', physical_network: '', segmentation_id: id })
    .execute();
};

export const share = async (tx: Transaction, object: string, target: string, action = 'access_as_shared') => {
  const id = randomUUID();
  await tx.query
    .insertInto('rbac_entries')
    .values({
      id,
      project_id: 'p',
      object_type: 'network',
      object_id: object,
      action,
      target_project: target,
    })
    .execute();
  return id;
};

const cleanGroup = async (rows: Rows, addresses: string): Promise<string> => {
  const group = await rows.securityGroup();
  const ssh = { protocol: 'tcp', port_range_min: 22, port_range_max: 22 };
  await rows.rule(group, { ...ssh, remote_ip_prefix: '10.0.0.0/8' });
  await rows.rule(group, { ...ssh, remote_ip_prefix: '172.16.0.0/12' });
  await rows.rule(group, { ...ssh, ethertype: 'IPv6', remote_ip_prefix: 'fc00::/7' });
  await rows.rule(group, { ...ssh, remote_group_id: group });
  await rows.rule(group, { ...ssh, remote_address_group_id: addresses });
  await rows.rule(group, { protocol: 'tcp', port_range_min: 443, port_range_max: 443 });
  await rows.rule(group, { protocol: 'udp', port_range_min: 22, port_range_max: 22 });
  await rows.rule(group, { protocol: 'icmp' });
  await rows.rule(group, { direction: 'egress' });
  await rows.rule(group, { direction: 'egress', ethertype: 'IPv6' });
  return group;
};

/** A deployment without a fault, but with everything that is nearly one. */
export const cleanSite = async (rows: Rows, tx: Transaction): Promise<World> => {
  const network = await rows.network();
  await segment(tx, 1);
  const external = await rows.network({ external: 1 }, [{ network_type: 'geneve', segmentation_id: 2 }]);
  await segment(tx, 2);
  await share(tx, external, '*', 'access_as_external');
  await share(tx, network, 'another-project');
  const subnet = await rows.subnet(network);
  const addresses = await addressGroup(tx, ['192.0.2.0/24', '10.0.0.0/8']);
  const group = await cleanGroup(rows, addresses);
  // A default group may stay unused, and a group that only rules name is used.
  const spare = await rows.securityGroup({ name: 'default' });
  await tx.query
    .insertInto('default_security_groups')
    .values({ project_id: 'p', security_group_id: spare })
    .execute();
  const named = await rows.securityGroup();
  await rows.rule(group, { protocol: 'udp', port_range_min: 53, port_range_max: 53, remote_group_id: named });
  const server = { device_owner: 'compute:nova', device_id: randomUUID(), status: 'ACTIVE' };
  const port = await rows.port(network, server, {
    addresses: [{ subnet, ip: '10.0.0.5' }],
    groups: [group],
    pairs: [{ mac: 'fa:16:3e:00:00:01', ip: '10.0.0.64/28' }],
  });
  // A port of the same project may stand in for it.
  await rows.port(network, {}, { addresses: [{ subnet, ip: '10.0.0.65' }], groups: [group] });
  const router = await rows.router();
  const routerPort = await rows.routerPort(
    router,
    network,
    { port_security_enabled: 0 },
    {
      addresses: [{ subnet, ip: '10.0.0.1' }],
    },
  );
  await rows.floatingIp(
    {
      id: randomUUID(),
      floating_network_id: external,
      fixed_port_id: port,
      fixed_ip_address: '10.0.0.5',
      router_id: router,
    },
    { name: 'holder' },
  );
  await tx.query.insertInto('quotas').values({ project_id: 'p', resource: 'port', limit: 10 }).execute();
  return { network, subnet, external, group, port, routerPort, router, addresses };
};

/** A fault that one check must find, and no other of its kind on the clean site. */
export interface Plant {
  readonly check: string;
  readonly what: string;
  plant(world: World, rows: Rows, tx: Transaction): Promise<Planted>;
}
