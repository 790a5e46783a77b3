/** What must hold in SQL at any time; each query finds rows that break it. */
export const forbidden: { readonly [rule: string]: string } = {
  'an address is used once': `select subnet_id, ip_address, count(*) from ip_allocations
    group by subnet_id, ip_address having count(*) > 1`,
  'an allocated address has a port': `select a.port_id, a.ip_address from ip_allocations a
    left join ports p on p.id = a.port_id where p.id is null`,
  'a segment has its allocation': `select s.id from network_segments s where s.segmentation_id is not null
    and s.network_type in ('vlan', 'vxlan', 'geneve', 'gre') and not exists (
      select 1 from segment_allocations a where a.network_type = s.network_type
      and a.segmentation_id = s.segmentation_id)`,
  'an allocation has its segment': `select a.network_type, a.segmentation_id from segment_allocations a
    where a.network_type in ('vlan', 'vxlan', 'geneve', 'gre') and not exists (
      select 1 from network_segments s where s.network_type = a.network_type
      and s.segmentation_id = a.segmentation_id)`,
  'a floating IP has its port': `select f.id from floating_ips f
    left join ports p on p.id = f.floating_port_id where p.id is null`,
  'a router port has its port': `select r.port_id from router_ports r
    left join ports p on p.id = r.port_id where p.id is null`,
  'a router is ACTIVE': `select id, status from routers where status <> 'ACTIVE'`,
  'a floating IP is ACTIVE when it leads somewhere, else DOWN': `select id, status from floating_ips f
    where (status = 'ACTIVE') <> (fixed_port_id is not null
      or exists (select 1 from port_forwardings w where w.floatingip_id = f.id))
    or status not in ('ACTIVE', 'DOWN')`,
  'a trunk is ACTIVE when its parent is': `select t.id, t.status from trunks t join ports p on p.id = t.port_id
    where t.status not in ('ACTIVE', 'DOWN') or (p.status = 'ACTIVE' and t.status <> 'ACTIVE')`,
  'a project has no more than its quota': `select project_id, 'trunk' as resource, count(*) from trunks
    group by project_id having count(*) > (select q.limit from quotas q
      where q.project_id = trunks.project_id and q.resource = 'trunk')
    union all select project_id, 'address_group', count(*) from address_groups
    group by project_id having count(*) > (select q.limit from quotas q
      where q.project_id = address_groups.project_id and q.resource = 'address_group')`,
};
