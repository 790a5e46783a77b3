import { type Subnet, SubnetInUse } from '@ovenbird/api';
import type { WriteStep } from '../../engine/contract.ts';
import { AUTO_DELETED, ROUTER_INTERFACES } from '../../ipam/device-owner.ts';
import { isAutoAddress } from '../../ipam/ipam-subnet.ts';
import type { SubnetDependencies } from './dependencies.ts';
import { revisingNetworks } from './network-revision.ts';
import { followPeers, mayHavePeers } from './peer-routes.ts';
import { removeAddresses } from './port-addresses.ts';
import { subnetsOfNetwork } from './store.ts';

/**
 * Throws SubnetInUse where an address stands against the deletion: of a router interface always, of any port that is not
 * the network's own unless the addresses are automatic ones.
 */
const checkUnused = async ({ tx }: WriteStep, subnet: Subnet): Promise<void> => {
  const addresses = tx.query
    .selectFrom('ip_allocations')
    .innerJoin('ports', 'ports.id', 'ip_allocations.port_id')
    .select('ports.id')
    .where('ip_allocations.subnet_id', '=', subnet.id);
  const automatic = isAutoAddress(subnet.ipv6_ra_mode, subnet.ipv6_address_mode);
  const user = await (automatic
    ? addresses.where('ports.device_owner', 'in', ROUTER_INTERFACES)
    : addresses.where('ports.device_owner', 'not in', AUTO_DELETED)
  )
    .limit(1)
    .executeTakeFirst();
  if (user !== undefined) throw SubnetInUse({ id: subnet.id });
};

/**
 * Delete one subnet. Ports that only had automatic addresses there, or are the network's own, lose them.
 *
 * @throws ApiError SubnetInUse
 */
export const deleteSubnet = async (
  deps: SubnetDependencies,
  step: WriteStep,
  subnet: Subnet,
): Promise<void> => {
  const { tx, changes } = step;
  await checkUnused(step, subnet);
  await revisingNetworks(deps, step, [subnet.network_id], async () => {
    await removeAddresses(step, subnet);
    await tx.query.deleteFrom('tags').where('object_id', '=', subnet.id).execute();
    await tx.query.deleteFrom('subnets').where('id', '=', subnet.id).execute();
  });
  changes.record({ kind: 'subnet', action: 'delete', id: subnet.id, original: subnet });
  if (mayHavePeers(subnet))
    await followPeers(step, await subnetsOfNetwork(tx, subnet.network_id), { went: [subnet] });
  await deps.metadataPorts?.adjust(step, subnet.network_id);
};
