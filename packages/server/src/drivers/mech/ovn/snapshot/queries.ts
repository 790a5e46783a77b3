import { sql } from 'kysely';
import { ACTIVE } from '../../../../db/query/literals.ts';
import { kindOrder } from '../key.ts';
import { ByIds } from './by-ids.ts';

/** The statements of the snapshot loader: each takes any number of ids and answers in one round trip. */

export const addressGroupQuery = () =>
  new ByIds((query, ids) =>
    query.selectFrom('address_groups').select(['id', 'revision_number']).where('id', 'in', ids),
  );

export const groupAddressQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('address_group_addresses')
      .select(['address_group_id', 'address'])
      .where('address_group_id', 'in', ids)
      .orderBy('address'),
  );

export const networkQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('networks')
      .select([
        'id',
        'name',
        'mtu',
        'revision_number',
        'external',
        'vlan_transparent',
        'availability_zone_hints',
      ])
      .where('id', 'in', ids),
  );

export const externalHostQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('external_port_hosts')
      .innerJoin('networks', 'networks.id', 'external_port_hosts.network_id')
      .select(['network_id', 'port_id', 'chassis_name', 'priority', 'router_id'])
      .select('networks.availability_zone_hints')
      .where('network_id', 'in', ids)
      .orderBy('port_id')
      .orderBy('priority', 'desc'),
  );

export const segmentQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('network_segments')
      .select(['id', 'network_id', 'network_type', 'physical_network', 'segmentation_id'])
      .where('network_id', 'in', ids)
      .where('is_dynamic', '=', 0)
      .orderBy('segment_index'),
  );

export const subnetQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('subnets')
      .innerJoin('networks', 'networks.id', 'subnets.network_id')
      .select([
        'subnets.id',
        'subnets.network_id',
        'subnets.revision_number',
        'subnets.ip_version',
        'subnets.cidr',
        'subnets.gateway_ip',
        'subnets.enable_dhcp',
        'subnets.ipv6_address_mode',
        'subnets.dns_nameservers',
        'subnets.host_routes',
        'networks.mtu',
      ])
      .where('subnets.id', 'in', ids),
  );

/** Addresses of metadata ports, by the `device_id` that names their network. */
export const metadataQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ports')
      .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
      .select(['ip_allocations.subnet_id', 'ip_allocations.ip_address'])
      .where('ports.device_id', 'in', ids)
      .where('ports.device_owner', '=', 'network:distributed')
      .orderBy('ip_allocations.ip_sort'),
  );

export const portQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ports')
      .innerJoin('networks', 'networks.id', 'ports.network_id')
      .leftJoin('port_bindings', (join) =>
        join.onRef('port_bindings.port_id', '=', 'ports.id').on('port_bindings.status', '=', ACTIVE),
      )
      .leftJoin('router_ports', 'router_ports.port_id', 'ports.id')
      .select([
        'router_ports.router_id',
        'router_ports.port_type',
        'ports.id',
        'ports.network_id',
        'ports.project_id',
        'ports.name',
        'ports.mac_address',
        'ports.admin_state_up',
        'ports.status',
        'ports.device_id',
        'ports.device_owner',
        'ports.port_security_enabled',
        'ports.revision_number',
        'ports.extra_dhcp_opts',
        'networks.mtu',
        'port_bindings.host',
        'port_bindings.vnic_type',
        'port_bindings.vif_type',
        'port_bindings.profile',
      ])
      .select(({ selectFrom }) =>
        selectFrom('floating_ips')
          .select(({ fn }) => fn.min('floating_ips.floating_ip_address').as('first'))
          .whereRef('floating_ips.fixed_port_id', '=', 'ports.id')
          .as('floating_address'),
      )
      .where('ports.id', 'in', ids),
  );

export const addressQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ip_allocations')
      .select(['port_id', 'subnet_id', 'ip_address'])
      .where('port_id', 'in', ids)
      .orderBy('port_id')
      .orderBy('position'),
  );

export const addressPairQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('allowed_address_pairs')
      .select(['port_id', 'mac_address', 'ip_address'])
      .where('port_id', 'in', ids)
      .orderBy('port_id')
      .orderBy('ip_address')
      .orderBy('mac_address'),
  );

/** Other ports of the network whose address pairs name exactly an address of these ports. */
export const parentQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ip_allocations')
      .innerJoin('allowed_address_pairs as pairs', (join) =>
        join
          .onRef('pairs.network_id', '=', 'ip_allocations.network_id')
          .on(
            'pairs.ip_address',
            'in',
            sql<string>`(ip_allocations.ip_address, ip_allocations.ip_address || '/32', ip_allocations.ip_address || '/128')`,
          )
          .onRef('pairs.port_id', '!=', 'ip_allocations.port_id'),
      )
      .select(['ip_allocations.port_id', 'ip_allocations.ip_address', 'pairs.port_id as parent'])
      .where('ip_allocations.port_id', 'in', ids)
      .orderBy('pairs.port_id'),
  );

/** The policy that counts for each port: its own, else its network's. Ports without either are left out. */
export const portPolicyQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('ports')
      .leftJoin('qos_port_policies as own', 'own.port_id', 'ports.id')
      .leftJoin('qos_network_policies as shared', 'shared.network_id', 'ports.network_id')
      .select((eb) => [
        'ports.id',
        'ports.network_id',
        eb.fn.coalesce('own.qos_policy_id', 'shared.qos_policy_id').as('policy'),
      ])
      .where('ports.id', 'in', ids)
      .where((eb) =>
        eb.or([eb('own.qos_policy_id', 'is not', null), eb('shared.qos_policy_id', 'is not', null)]),
      ),
  );

export const qosRuleQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('qos_rules')
      .select(['qos_policy_id', 'type', 'direction', 'max_kbps', 'max_burst_kbps', 'min_kbps', 'dscp_mark'])
      .where('qos_policy_id', 'in', ids),
  );

/** Those of the networks that have a segment on a physical network. */
export const physicalNetworkQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('network_segments')
      .select('network_id')
      .distinct()
      .where('network_id', 'in', ids)
      .where('is_dynamic', '=', 0)
      .where('physical_network', 'is not', null),
  );

export const membershipQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('port_security_groups')
      .select(['port_id', 'security_group_id'])
      .where('port_id', 'in', ids)
      .orderBy('security_group_id'),
  );

export const groupQuery = () =>
  new ByIds((query, ids) =>
    query.selectFrom('security_groups').select(['id', 'project_id', 'stateful']).where('id', 'in', ids),
  );

export const ruleQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('security_group_rules')
      .select([
        'id',
        'security_group_id',
        'direction',
        'ethertype',
        'protocol',
        'port_range_min',
        'port_range_max',
        'remote_group_id',
        'remote_address_group_id',
        'remote_ip_prefix',
        'normalized_cidr',
      ])
      .where('security_group_id', 'in', ids)
      .orderBy('created_at')
      .orderBy('id'),
  );

export const journalQuery = () =>
  new ByIds((query, ids) =>
    query
      .selectFrom('journal')
      .select(['seq', 'kind', 'id'])
      .where('kind', 'in', [...kindOrder])
      .where('id', 'in', ids),
  );
