import type { Reader } from '../../db/database.ts';
import { ROUTER_GATEWAY, ROUTER_INTERFACES } from '../../ipam/device-owner.ts';

/** An address inside that is to be reached from outside. */
export interface InnerAddress {
  readonly networkId: string;
  readonly subnetId: string;
}

/**
 * The router that leads from a subnet to an external network: the one that is the subnet's gateway, else any; undefined:
 * none. One query, for the few interfaces in the network: asked for the subnet it would read every address there.
 */
export const reachableRouter = async (
  reader: Reader,
  { networkId, subnetId }: InnerAddress,
  externalNetworkId: string,
): Promise<string | undefined> => {
  const rows = await reader.query
    .selectFrom('ports')
    .innerJoin('router_ports', 'router_ports.port_id', 'ports.id')
    .innerJoin('ip_allocations', 'ip_allocations.port_id', 'ports.id')
    .innerJoin('subnets', 'subnets.id', 'ip_allocations.subnet_id')
    .select(['router_ports.router_id', 'ip_allocations.ip_address'])
    .select(['ip_allocations.subnet_id', 'subnets.gateway_ip'])
    .where('ports.network_id', '=', networkId)
    .where('ports.device_owner', 'in', ROUTER_INTERFACES)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('router_ports as gateways')
          .innerJoin('ports as gateway_ports', 'gateway_ports.id', 'gateways.port_id')
          .select('gateways.port_id')
          .whereRef('gateways.router_id', '=', 'router_ports.router_id')
          .where('gateways.port_type', '=', ROUTER_GATEWAY)
          .where('gateway_ports.network_id', '=', externalNetworkId),
      ),
    )
    .orderBy('router_ports.router_id')
    .execute();
  const legs = rows.filter((row) => row.subnet_id === subnetId);
  const own = legs.find((row) => row.ip_address === row.gateway_ip);
  return (own ?? legs[0])?.router_id;
};
