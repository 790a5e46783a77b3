import { BadRequest, SubnetNotFound } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';

/** What an interface needs to know of its subnet. */
export interface InterfaceSubnet {
  readonly id: string;
  readonly networkId: string;
  readonly version: 4 | 6;
  readonly cidr: string;
  readonly gatewayIp: string | null;
  /** The caller's project owns it, was given its network by name, or is an administrator's. */
  readonly mine: boolean;
  /** Its guests take router advertisements of a router outside. */
  readonly foreignAdvertisements: boolean;
  /** [{ start, end }] as stored. */
  readonly allocationPools: string;
  readonly projectId: string;
}

/**
 * A subnet as far as the caller may see it: its own, one of a network of its own, or one of a network that is shared
 * with it or external. Two queries.
 *
 * @throws ApiError SubnetNotFound
 */
export const visibleSubnet = async (step: WriteStep, id: string): Promise<InterfaceSubnet> => {
  const { tx, context, isAdmin } = step;
  const row = await tx.query
    .selectFrom('subnets')
    .innerJoin('networks', 'networks.id', 'subnets.network_id')
    .select(['subnets.id', 'subnets.network_id', 'subnets.project_id', 'subnets.ip_version', 'subnets.cidr'])
    .select(['subnets.gateway_ip', 'subnets.ipv6_ra_mode', 'subnets.ipv6_address_mode'])
    .select(['subnets.allocation_pools', 'networks.project_id as network_owner'])
    .where('subnets.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw SubnetNotFound({ id });
  const own = isAdmin || row.project_id === context.projectId;
  const grants = own
    ? []
    : await tx.query
        .selectFrom('rbac_entries')
        .select(['target_project', 'action'])
        .where('object_type', '=', 'network')
        .where('object_id', '=', row.network_id)
        .where('target_project', 'in', ['*', context.projectId])
        .execute();
  if (!own && row.network_owner !== context.projectId && grants.length === 0) throw SubnetNotFound({ id });
  const given = grants.some(
    (grant) => grant.action === 'access_as_shared' && grant.target_project === context.projectId,
  );
  return {
    id: row.id,
    networkId: row.network_id,
    version: row.ip_version,
    cidr: row.cidr,
    gatewayIp: row.gateway_ip,
    mine: own || given,
    foreignAdvertisements:
      row.ip_version === 6 && row.ipv6_ra_mode === null && row.ipv6_address_mode !== null,
    allocationPools: row.allocation_pools,
    projectId: row.project_id,
  };
};

/** Throws ApiError 400 for a subnet whose guests listen to a router outside. */
export const checkAdvertisements = (subnet: InterfaceSubnet): void => {
  if (!subnet.foreignAdvertisements) return;
  const msg =
    `IPv6 subnet ${subnet.id} configured to receive RAs from an external router ` +
    'cannot be added to Neutron Router.';
  throw BadRequest({ resource: 'router', msg });
};
