import { ByIds } from './by-ids.ts';

/** The statements of the snapshot loader about routers: each takes ids of routers. */

export const routerQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('routers')
      .select(['id', 'name', 'admin_state_up', 'enable_snat', 'revision_number'])
      .select(['enable_default_route_bfd', 'enable_default_route_ecmp', 'availability_zone_hints'])
      .where('id', 'in', ids),
  );

export const routerPortQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('router_ports')
      .innerJoin('ports', 'ports.id', 'router_ports.port_id')
      .innerJoin('networks', 'networks.id', 'ports.network_id')
      .leftJoin('qos_network_policies as shared', 'shared.network_id', 'ports.network_id')
      .select(({ fn }) => fn.coalesce('router_ports.qos_policy_id', 'shared.qos_policy_id').as('policy'))
      .select(['router_ports.router_id', 'router_ports.port_type', 'ports.id', 'ports.mac_address'])
      .select(['ports.revision_number', 'ports.network_id', 'networks.mtu', 'networks.external'])
      .where('router_ports.router_id', 'in', ids)
      .orderBy('router_ports.port_type')
      .orderBy('router_ports.position')
      .orderBy('ports.id'),
  );

export const routerAddressQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('router_ports')
      .innerJoin('ip_allocations', 'ip_allocations.port_id', 'router_ports.port_id')
      .innerJoin('subnets', 'subnets.id', 'ip_allocations.subnet_id')
      .select(['ip_allocations.port_id', 'ip_allocations.ip_address', 'subnets.id', 'subnets.ip_version'])
      .select(['subnets.cidr', 'subnets.gateway_ip', 'subnets.ipv6_address_mode', 'subnets.dns_nameservers'])
      .where('router_ports.router_id', 'in', ids)
      .orderBy('ip_allocations.port_id')
      .orderBy('ip_allocations.position'),
  );

/** Segments of the networks that routers have ports in. */
export const routerSegmentQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('router_ports')
      .innerJoin('ports', 'ports.id', 'router_ports.port_id')
      .innerJoin('network_segments as segments', 'segments.network_id', 'ports.network_id')
      .select(['router_ports.port_id', 'segments.network_type', 'segments.physical_network'])
      .where('router_ports.router_id', 'in', ids)
      .where('segments.is_dynamic', '=', 0),
  );

export const extraRouteQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('router_routes')
      .select(['router_id', 'destination', 'nexthop'])
      .where('router_id', 'in', ids)
      .orderBy('destination')
      .orderBy('nexthop'),
  );

export const gatewayScheduleQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('gateway_schedules')
      .select(['router_id', 'chassis_name', 'priority'])
      .where('router_id', 'in', ids)
      .orderBy('priority', 'desc'),
  );
