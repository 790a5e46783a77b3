import { ROUTER_GATEWAY } from '../../../../ipam/device-owner.ts';
import { ByIds } from './by-ids.ts';

/** The statements of the snapshot loader about floating IPs: each takes ids of floating IPs. */

export const floatingIpQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('floating_ips')
      .innerJoin('ports as floating', 'floating.id', 'floating_ips.floating_port_id')
      .leftJoin('ports as fixed', 'fixed.id', 'floating_ips.fixed_port_id')
      .leftJoin('router_ports as routed', 'routed.port_id', 'floating_ips.fixed_port_id')
      .leftJoin('qos_network_policies as shared', 'shared.network_id', 'floating_ips.floating_network_id')
      .select(({ fn }) => fn.coalesce('floating_ips.qos_policy_id', 'shared.qos_policy_id').as('policy'))
      .select(['floating_ips.id', 'floating_ips.floating_ip_address', 'floating_ips.floating_network_id'])
      .select(['floating_ips.revision_number', 'floating_ips.router_id', 'floating.mac_address'])
      .select(['floating_ips.fixed_port_id', 'floating_ips.fixed_ip_address', 'fixed.status as fixed_status'])
      .select('routed.router_id as fixed_router')
      .where('floating_ips.id', 'in', ids),
  );

/** Gateways of the routers that translate, those that OVN knows, in order. */
export const floatingGatewayQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('floating_ips')
      .innerJoin('router_ports', 'router_ports.router_id', 'floating_ips.router_id')
      .innerJoin('ports', 'ports.id', 'router_ports.port_id')
      .select(['floating_ips.id', 'router_ports.port_id', 'ports.network_id'])
      .select(({ selectFrom }) => [
        selectFrom('network_segments as segments')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('segments.network_id', '=', 'ports.network_id')
          .where('segments.is_dynamic', '=', 0)
          .where('segments.physical_network', 'is not', null)
          .as('physical'),
        selectFrom('ip_allocations')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .whereRef('ip_allocations.port_id', '=', 'ports.id')
          .as('addresses'),
      ])
      .where('floating_ips.id', 'in', ids)
      .where('router_ports.port_type', '=', ROUTER_GATEWAY)
      .orderBy('router_ports.position'),
  );

export const forwardingQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('port_forwardings')
      .select(['floatingip_id', 'protocol', 'external_port_start', 'external_port_end'])
      .select(['internal_ip_address', 'internal_port_start', 'internal_port_end'])
      .where('floatingip_id', 'in', ids)
      .orderBy('created_at')
      .orderBy('id'),
  );

/** Networks that the routers of floating IPs have interfaces in. */
export const innerNetworkQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('floating_ips')
      .innerJoin('router_ports', 'router_ports.router_id', 'floating_ips.router_id')
      .innerJoin('ports', 'ports.id', 'router_ports.port_id')
      .select(['floating_ips.id', 'ports.network_id'])
      .distinct()
      .where('floating_ips.id', 'in', ids)
      .where('router_ports.port_type', '!=', ROUTER_GATEWAY),
  );
