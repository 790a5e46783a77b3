import {
  type FixedIp,
  type FixedIpRequest,
  HostNotCompatibleWithFixedIps,
  ipFromValue,
  type Port,
} from '@ovenbird/api';
import type { Transaction } from '../../db/database.ts';
import type { WriteStep } from '../../engine/contract.ts';
import { allocateAddresses } from '../../ipam/allocate.ts';
import { deleteAllocations } from '../../ipam/allocations.ts';
import type { IpamSubnet } from '../../ipam/ipam-subnet.ts';
import { type AddressChange, foreignSubnets, planNewPort, planPortUpdate } from '../../ipam/plan.ts';
import type { Random } from '../../ipam/random.ts';
import { lostRace } from './lost-race.ts';
import { checkSubnetsExist, subnetsByNetwork } from './network-subnets.ts';
import { isRouted, reachableSubnets } from './routed-subnets.ts';

/** What of an update concerns addresses. */
export interface AddressUpdate {
  readonly macAddress: string;
  readonly deviceOwner: string;
  readonly fixedIps: readonly FixedIpRequest[] | undefined;
  /** Where the port is to be; empty: nowhere yet. */
  readonly host: string;
}

const nextPosition = async (tx: Transaction, portId: string): Promise<number> => {
  const row = await tx.query
    .selectFrom('ip_allocations')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('port_id', '=', portId)
    .executeTakeFirst();
  return row?.last === null || row?.last === undefined ? 0 : Number(row.last) + 1;
};

/** The subnets that the port may have addresses of where it is to be. */
const reachOf = async (
  tx: Transaction,
  byNetwork: ReadonlyMap<string, readonly IpamSubnet[]>,
  port: Port,
  { host, deviceOwner, fixedIps }: AddressUpdate,
): Promise<readonly IpamSubnet[]> => {
  const place = { networkId: port.network_id, host, deviceOwner, fixedIps: fixedIps ?? port.fixed_ips };
  const asked = fixedIps === undefined && port.ip_allocation === 'deferred' && port.fixed_ips.length === 0;
  const [reach] = await reachableSubnets(tx, byNetwork, [asked ? { ...place, fixedIps: undefined } : place]);
  return reach?.subnets ?? [];
};

/** Throws ApiError HostNotCompatibleWithFixedIps when the port came to a host where its addresses mean nothing. */
const planPortChange = (
  port: Port,
  update: AddressUpdate,
  subnets: readonly IpamSubnet[],
  moved: boolean,
): AddressChange => {
  const { macAddress, deviceOwner, fixedIps, host } = update;
  const addressed = { networkId: port.network_id, deviceOwner, macAddress };
  const waited = moved && port.ip_allocation === 'deferred' && port.fixed_ips.length === 0;
  if (waited && fixedIps === undefined)
    return { keep: [], remove: [], add: planNewPort(addressed, undefined, subnets) };
  const known = new Set(subnets.map((subnet) => subnet.id));
  if (moved && fixedIps === undefined && port.fixed_ips.some((ip) => !known.has(ip.subnet_id)))
    throw HostNotCompatibleWithFixedIps({ host, portId: port.id });
  return planPortUpdate(
    addressed,
    { macAddress: port.mac_address, fixedIps: port.fixed_ips },
    fixedIps,
    subnets,
  );
};

/**
 * Carry an update of `fixed_ips` or of the MAC address into the port's addresses.
 *
 * @returns the port's addresses afterwards; the ones it had when nothing changed
 * @throws ApiError as address planning and allocation do
 */
export const changeAddresses = async (
  step: WriteStep,
  port: Port,
  update: AddressUpdate,
  random: Random,
): Promise<readonly FixedIp[]> => {
  const { tx } = step;
  const moved = update.host !== '' && update.host !== port['binding:host_id'];
  const readdressed = update.fixedIps !== undefined || update.macAddress !== port.mac_address;
  if (!moved && !readdressed) return port.fixed_ips;
  const networkId = port.network_id;
  const byNetwork = await subnetsByNetwork(tx, [networkId]);
  const subnets = byNetwork.get(networkId) ?? [];
  if (!readdressed && !isRouted(subnets)) return port.fixed_ips;
  await checkSubnetsExist(step, foreignSubnets(update.fixedIps, subnets));
  const plan = planPortChange(port, update, await reachOf(tx, byNetwork, port, update), moved);
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
