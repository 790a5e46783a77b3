import { type FixedIp, type FixedIpRequest, ipFromValue, type Port } from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import { allocateAddresses } from '../../ipam/allocate.ts';
import { deleteAllocations } from '../../ipam/allocations.ts';
import { foreignSubnets, planPortUpdate } from '../../ipam/plan.ts';
import type { Random } from '../../ipam/random.ts';
import { lostRace } from './lost-race.ts';
import { checkSubnetsExist, subnetsByNetwork } from './network-subnets.ts';

/** What of an update concerns addresses. */
export interface AddressUpdate {
  readonly macAddress: string;
  readonly deviceOwner: string;
  readonly fixedIps: readonly FixedIpRequest[] | undefined;
}

const nextPosition = async (tx: Transaction, portId: string): Promise<number> => {
  const row = await tx.query
    .selectFrom('ip_allocations')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('port_id', '=', portId)
    .executeTakeFirst();
  return row?.last === null || row?.last === undefined ? 0 : Number(row.last) + 1;
};

/**
 * Carry an update of `fixed_ips` or of the MAC address into the port's addresses.
 *
 * @returns the port's addresses afterwards; the ones it had when nothing changed
 * @throws ApiError as address planning and allocation do
 */
export const changeAddresses = async (
  tx: Transaction,
  port: Port,
  update: AddressUpdate,
  random: Random,
): Promise<readonly FixedIp[]> => {
  if (update.fixedIps === undefined && update.macAddress === port.mac_address) return port.fixed_ips;
  const networkId = port.network_id;
  const subnets = (await subnetsByNetwork(tx, [networkId])).get(networkId) ?? [];
  await checkSubnetsExist(tx, foreignSubnets(update.fixedIps, subnets));
  const plan = planPortUpdate(
    { networkId, deviceOwner: update.deviceOwner, macAddress: update.macAddress },
    { macAddress: port.mac_address, fixedIps: port.fixed_ips },
    update.fixedIps,
    subnets,
  );
  if (plan.add.length === 0 && plan.remove.length === 0) return port.fixed_ips;
  await deleteAllocations(tx, port.id, plan.remove);
  const kept = port.fixed_ips.filter((ip) => plan.keep.includes(ip));
  if (plan.add.length === 0) return kept;
  const firstPosition = await nextPosition(tx, port.id);
  const wants = { portId: port.id, networkId, wants: plan.add, firstPosition };
  const added = await allocateAddresses(tx, [wants], random).catch((error: unknown) => {
    throw lostRace(error);
  });
  const fresh = added.map(({ subnetId, version, address }) => ({
    subnet_id: subnetId,
    ip_address: ipFromValue(version, address).text,
  }));
  return [...kept, ...fresh];
};
