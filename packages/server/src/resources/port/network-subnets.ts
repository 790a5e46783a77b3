import { SubnetNotFound } from '@ovenbird/api';
import type { Reader } from '../../db/database.ts';
import { eachOf } from '../../db/query/each-of.ts';
import { type Given, prepared } from '../../db/query/prepared.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { type IpamSubnet, ipamSubnet } from '../../ipam/ipam-subnet.ts';
import { findUsableNetworks } from '../usable-networks.ts';

const subnetsOf = prepared((query, given: Given<{ networkIds: readonly string[] }>) =>
  query
    .selectFrom('subnets')
    .select(['id', 'network_id', 'ip_version', 'cidr', 'allocation_pools', 'gateway_ip'])
    .select(['ipv6_ra_mode', 'ipv6_address_mode', 'enable_dhcp', 'segment_id', 'service_types'])
    .where('network_id', 'in', given.each('networkIds'))
    .orderBy('created_at')
    .orderBy('id'),
);

/** The subnets of networks by network id, oldest first. One query. */
export const subnetsByNetwork = async (
  reader: Reader,
  networkIds: readonly string[],
): Promise<ReadonlyMap<string, readonly IpamSubnet[]>> => {
  const rows = await subnetsOf(reader, { networkIds });
  return Map.groupBy(rows.map(ipamSubnet), (subnet) => subnet.networkId);
};

/**
 * A request named subnets that are not of the port's network: one that is not there, or that the caller may not use, is told
 * apart from one of another network of its own, which address planning refuses.
 *
 * @throws ApiError SubnetNotFound
 */
export const checkSubnetsExist = async (step: WriteStep, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  const rows = await step.tx.query
    .selectFrom('subnets')
    .select(['id', 'network_id'])
    .where('id', 'in', eachOf(ids))
    .execute();
  const missing = ids.find((id) => !rows.some((row) => row.id === id));
  if (missing !== undefined) throw SubnetNotFound({ id: missing });
  const usable = await findUsableNetworks(
    step,
    rows.map((row) => row.network_id),
  );
  const hidden = rows.find((row) => !usable.has(row.network_id));
  if (hidden !== undefined) throw SubnetNotFound({ id: hidden.id });
};
