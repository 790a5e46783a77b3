import { parseCidr } from '@ovenbird/api';
import { includes, intersects, prefixSet } from '../../../packages/server/src/ipam/prefix-set.ts';

export type Row = { readonly [column: string]: unknown };
export type Query = (text: string) => Promise<readonly Row[]>;

const ROUTER_PORTS = `'network:router_interface', 'network:router_gateway'`;
/** What bears tags and grants. */
const TAGGED = [
  ...['networks', 'subnets', 'ports', 'routers', 'floating_ips', 'security_groups', 'security_group_rules'],
  ...['trunks', 'subnetpools', 'qos_policies', 'network_segment_ranges', 'address_groups'],
];
const SHARED = [
  'networks',
  'security_groups',
  'subnetpools',
  'qos_policies',
  'address_groups',
  'address_scopes',
];

const idsOf = (tables: readonly string[]): string =>
  tables.map((table) => `select id from ${table}`).join(' union all ');

/** Rows that must not be and that no key of the schema forbids. */
const forbidden: { readonly [rule: string]: string } = {
  'an address is used twice': `select subnet_id, ip_address from ip_allocations
    group by subnet_id, ip_address having count(*) > 1`,
  'a segment without its allocation': `select s.id from network_segments s
    where s.network_type in ('vlan', 'vxlan', 'geneve', 'gre') and not exists (select 1 from segment_allocations a
    where a.network_type = s.network_type and a.segmentation_id = s.segmentation_id)`,
  'an allocation without its segment': `select a.network_type, a.segmentation_id from segment_allocations a
    where not exists (select 1 from network_segments s
    where s.network_type = a.network_type and s.segmentation_id = a.segmentation_id)`,
  'a network without a segment': `select n.id from networks n
    where not exists (select 1 from network_segments s where s.network_id = n.id)`,
  'a port without an active binding': `select p.id from ports p
    where (select count(*) from port_bindings b where b.port_id = p.id and b.status = 'ACTIVE') <> 1`,
  'a level of no binding': `select l.port_id, l.host from port_binding_levels l where not exists
    (select 1 from port_bindings b where b.port_id = l.port_id and b.host = l.host)`,
  'a port of a router that is not plugged into it': `select p.id from ports p
    left join router_ports r on r.port_id = p.id
    where p.device_owner in (${ROUTER_PORTS}) and (r.router_id is null or r.router_id <> p.device_id)`,
  'a router plugged into the port of another': `select r.port_id from router_ports r
    join ports p on p.id = r.port_id
    where p.device_owner not in (${ROUTER_PORTS}) or p.device_owner <> r.port_type`,
  'chassis for a router without a gateway': `select g.router_id from gateway_schedules g where not exists
    (select 1 from router_ports r where r.router_id = g.router_id and r.port_type = 'network:router_gateway')`,
  'the port of no floating IP': `select p.id from ports p where p.device_owner = 'network:floatingip'
    and not exists (select 1 from floating_ips f where f.floating_port_id = p.id and f.id = p.device_id)`,
  'a floating IP by halves': `select id from floating_ips
    where (fixed_port_id is null) <> (fixed_ip_address is null)
    or (fixed_port_id is not null and router_id is null)
    or (router_id is not null and fixed_port_id is null
    and not exists (select 1 from port_forwardings w where w.floatingip_id = floating_ips.id))`,
  'a floating IP to an address that its port has not': `select f.id from floating_ips f
    where f.fixed_port_id is not null and not exists (select 1 from ip_allocations a
    where a.port_id = f.fixed_port_id and a.ip_address = f.fixed_ip_address)`,
  'a sub-port of no trunk': `select p.id from ports p where (p.device_owner = 'trunk:subport') <>
    exists (select 1 from trunk_sub_ports s where s.port_id = p.id)`,
  'a default group that is not the project’s': `select d.project_id from default_security_groups d
    left join security_groups g on g.id = d.security_group_id
    where g.id is null or g.project_id <> d.project_id or g.name <> 'default'`,
  'a rule about an absent address group': `select r.id from security_group_rules r
    where r.remote_address_group_id is not null
    and not exists (select 1 from address_groups a where a.id = r.remote_address_group_id)`,
  'tags of nothing': `select object_id from tags where object_id not in (${idsOf(TAGGED)})`,
  'a grant on nothing': `select id from rbac_entries where object_id not in (${idsOf(SHARED)})`,
  'a subnet of an absent pool': `select s.id from subnets s where s.subnetpool_id is not null
    and not exists (select 1 from subnetpools p where p.id = s.subnetpool_id)`,
  'chassis for an absent external port': `select port_id, network_id from external_port_hosts
    where (port_id <> '' and port_id not in (select id from ports))
    or network_id not in (select id from networks)`,
  'ranges that overlap': `select a.id from network_segment_ranges a join network_segment_ranges b
    on a.id < b.id and a.network_type = b.network_type and a.physical_network = b.physical_network
    and a.is_default = 0 and b.is_default = 0 and a.minimum <= b.maximum and b.minimum <= a.maximum`,
};

const setOf = (prefixes: readonly unknown[]) =>
  prefixSet(prefixes.map((each) => parseCidr(String(each))).filter((cidr) => cidr !== undefined));

/** Subnets of a pool lie in it, each by itself. */
const poolViolations = async (query: Query): Promise<readonly string[]> => {
  const subnets = await query('select id, cidr, subnetpool_id from subnets where subnetpool_id is not null');
  const pools = await query('select id, prefixes from subnetpools');
  return pools.flatMap(({ id, prefixes }) => {
    const whole = setOf(JSON.parse(String(prefixes)));
    const own = subnets.filter(({ subnetpool_id }) => subnetpool_id === id).map(({ cidr }) => setOf([cidr]));
    const wrong = own.filter(
      (one, index) => !includes(whole, one) || own.slice(0, index).some((other) => intersects(one, other)),
    );
    return wrong.length > 0 ? [`${wrong.length} subnets are not by themselves in their pool ${id}`] : [];
  });
};

/** What of the whole database is not as the promise of consistency has it. */
export const violations = async (query: Query): Promise<readonly string[]> => {
  const found = [...(await poolViolations(query))];
  for (const [rule, text] of Object.entries(forbidden))
    for (const row of await query(text)) found.push(`${rule}: ${JSON.stringify(row)}`);
  return found;
};
