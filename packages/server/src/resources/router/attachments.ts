import { BadRequest, overlaps } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { ROUTER_GATEWAY } from '../../ipam/device-owner.ts';
import { storedCidr } from '../../ipam/ipam-subnet.ts';

/** An address that a router has, and the subnet that it is in. */
export interface Attachment {
  readonly portId: string;
  readonly gateway: boolean;
  readonly networkId: string;
  readonly subnetId: string;
  readonly address: string;
  readonly cidr: string;
}

/** A subnet that a router is in, or could be. */
export interface RoutedSubnet {
  readonly id: string;
  readonly networkId: string;
  readonly cidr: string;
}

/** Every address of a router. One query. */
export const attachmentsOf = async (reader: Reader, routerId: string): Promise<readonly Attachment[]> => {
  const rows = await reader.query
    .selectFrom('router_ports')
    .innerJoin('ip_allocations', 'ip_allocations.port_id', 'router_ports.port_id')
    .innerJoin('subnets', 'subnets.id', 'ip_allocations.subnet_id')
    .select(['router_ports.port_id', 'router_ports.port_type', 'subnets.network_id', 'subnets.id'])
    .select(['ip_allocations.ip_address', 'subnets.cidr'])
    .where('router_ports.router_id', '=', routerId)
    .execute();
  return rows.map((row) => ({
    portId: row.port_id,
    gateway: row.port_type === ROUTER_GATEWAY,
    networkId: row.network_id,
    subnetId: row.id,
    address: row.ip_address,
    cidr: row.cidr,
  }));
};

/** The subnets of networks. One query. */
export const subnetsOfNetworks = async (
  reader: Reader,
  networkIds: readonly string[],
): Promise<readonly RoutedSubnet[]> => {
  if (networkIds.length === 0) return [];
  const rows = await reader.query
    .selectFrom('subnets')
    .select(['id', 'network_id', 'cidr'])
    .where('network_id', 'in', eachOf(networkIds))
    .execute();
  return rows.map((row) => ({ id: row.id, networkId: row.network_id, cidr: row.cidr }));
};

/**
 * Throws ApiError 400 where a new subnet of a router overlaps one that it is in already, or one of an external network
 * that it has a gateway in. Several gateways may share the subnets of one network.
 *
 * @param external subnets of the networks that the router has gateways in
 */
export const checkOverlap = (
  attachments: readonly Attachment[],
  external: readonly RoutedSubnet[],
  added: readonly RoutedSubnet[],
  asGateway: boolean,
): void => {
  const inner = attachments.filter((one) => !one.gateway);
  const present = [...inner.map((one) => ({ id: one.subnetId, cidr: one.cidr })), ...external];
  for (const old of present) {
    for (const fresh of added) {
      if (asGateway && external.some((subnet) => subnet.id === fresh.id)) continue;
      if (!overlaps(storedCidr(old.cidr), storedCidr(fresh.cidr))) continue;
      const msg = `Cidr ${fresh.cidr} of subnet ${fresh.id} overlaps with cidr ${old.cidr} of subnet ${old.id}`;
      throw BadRequest({ resource: 'router', msg });
    }
  }
};
