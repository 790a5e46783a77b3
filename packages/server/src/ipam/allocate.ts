import { IpAddressAlreadyAllocated, IpAddressGenerationFailure, ipFromValue } from '@ovenbird/api';
import type { Reader } from '../db/database.ts';
import { type AddressRange, sizeOf } from './address-range.ts';
import { type Allocation, usedAmong, usedOf } from './allocations.ts';
import { findFree } from './free-addresses.ts';
import type { IpamSubnet } from './ipam-subnet.ts';
import type { AddressWant } from './plan.ts';
import type { Random } from './random.ts';

/** The addresses that one port wants. */
export interface PortWants {
  readonly portId: string;
  readonly networkId: string;
  readonly wants: readonly AddressWant[];
  /** Position of the first of them in the port's fixed_ips. */
  readonly firstPosition: number;
}

/**
 * Only this many addresses at the front of a pool are drawn from at first: a /64 gives short addresses. Once they are
 * used up the whole pool is.
 */
const WINDOW = 65_536n;
/** Draws beyond what is needed, so that one look-up nearly always suffices while a pool is not dense. */
const SPARE_DRAWS = 6;

interface Slot {
  readonly port: PortWants;
  readonly position: number;
}

/** Wants for any address of the same subnets; they are served together. */
interface Group {
  readonly subnets: readonly IpamSubnet[];
  readonly next: boolean;
  readonly slots: Slot[];
}

interface Sorted {
  readonly exact: readonly { readonly slot: Slot; readonly subnet: IpamSubnet; readonly address: bigint }[];
  readonly groups: readonly Group[];
}

const sortWants = (requests: readonly PortWants[]): Sorted => {
  const exact: { slot: Slot; subnet: IpamSubnet; address: bigint }[] = [];
  const groups = new Map<string, Group>();
  for (const port of requests) {
    port.wants.forEach((want, index) => {
      const slot = { port, position: port.firstPosition + index };
      if (want.kind === 'exact') {
        exact.push({ slot, subnet: want.subnet, address: want.address.value });
        return;
      }
      const key = `${want.next} ${want.subnets.map((subnet) => subnet.id).join(' ')}`;
      const group = groups.get(key) ?? { subnets: want.subnets, next: want.next, slots: [] };
      groups.set(key, group);
      group.slots.push(slot);
    });
  }
  return { exact, groups: [...groups.values()] };
};

/** Different random addresses from the window of a pool, at most as many as it has. */
const draw = (pool: AddressRange | undefined, count: number, random: Random): ReadonlySet<bigint> => {
  const drawn = new Set<bigint>();
  if (pool === undefined) return drawn;
  const span = sizeOf(pool) < WINDOW ? sizeOf(pool) : WINDOW;
  for (let tries = 0; drawn.size < count && tries < 2 * count; tries++)
    drawn.add(pool.first + random.below(span));
  return drawn;
};

/** One look-up's worth of addresses: those asked for by name and random ones, by subnet. */
class Candidates {
  readonly bySubnet = new Map<string, { version: 4 | 6; addresses: Set<bigint> }>();

  add(subnet: IpamSubnet, addresses: Iterable<bigint>): void {
    const known = this.bySubnet.get(subnet.id) ?? { version: subnet.version, addresses: new Set() };
    this.bySubnet.set(subnet.id, known);
    for (const address of addresses) known.addresses.add(address);
  }
}

const setOf = (sets: Map<string, Set<bigint>>, subnetId: string): Set<bigint> => {
  const known = sets.get(subnetId) ?? new Set<bigint>();
  sets.set(subnetId, known);
  return known;
};

interface Serving {
  readonly reader: Reader;
  readonly random: Random;
  /** Chosen in this call, by subnet. */
  readonly taken: Map<string, Set<bigint>>;
}

const allocationOf = (slot: Slot, subnet: IpamSubnet, address: bigint): Allocation => ({
  portId: slot.port.portId,
  networkId: slot.port.networkId,
  subnetId: subnet.id,
  version: subnet.version,
  address,
  position: slot.position,
});

/** Serve a group from drawn addresses first and then by exact search, subnet by subnet. */
const serve = async (
  group: Group,
  drawn: ReadonlySet<bigint>,
  used: ReadonlySet<bigint>,
  { reader, random, taken }: Serving,
): Promise<readonly Allocation[]> => {
  const waiting = [...group.slots];
  const served: Allocation[] = [];
  const assign = (subnet: IpamSubnet, address: bigint) => {
    const slot = waiting.shift();
    if (slot !== undefined) served.push(allocationOf(slot, subnet, address));
  };
  const [first] = group.subnets;
  if (first !== undefined) {
    const takenHere = setOf(taken, first.id);
    for (const address of drawn) {
      if (waiting.length === 0) break;
      if (used.has(address) || takenHere.has(address)) continue;
      takenHere.add(address);
      assign(first, address);
    }
  }
  for (const subnet of group.subnets) {
    if (waiting.length === 0) break;
    const options = { lowest: group.next, random, taken: setOf(taken, subnet.id) };
    const found = await findFree(
      usedOf(reader, subnet.id, subnet.version),
      subnet.pools,
      waiting.length,
      options,
    );
    for (const address of found) assign(subnet, address);
  }
  const [unserved] = waiting;
  if (unserved !== undefined) throw IpAddressGenerationFailure({ networkId: unserved.port.networkId });
  return served;
};

const inOrder = (
  allocations: readonly Allocation[],
  requests: readonly PortWants[],
): readonly Allocation[] => {
  const rank = new Map(requests.map((request, index) => [request.portId, index]));
  return allocations.toSorted(
    (a, b) => (rank.get(a.portId) ?? 0) - (rank.get(b.portId) ?? 0) || a.position - b.position,
  );
};

/**
 * Choose addresses for any number of ports. Nothing is written. Usually one statement; where a pool is dense, a few
 * counts more for each pool. The choice holds within the transaction of `reader`.
 *
 * @returns one allocation for each want, in order of the requests and their wants
 * @throws ApiError IpAddressAlreadyAllocated where an address is in use, IpAddressGenerationFailure where none is free
 */
export const chooseAddresses = async (
  reader: Reader,
  requests: readonly PortWants[],
  random: Random,
): Promise<readonly Allocation[]> => {
  const { exact, groups } = sortWants(requests);
  if (exact.length === 0 && groups.length === 0) return [];
  const candidates = new Candidates();
  for (const { subnet, address } of exact) candidates.add(subnet, [address]);
  const draws = groups.map((group) => {
    const [subnet] = group.subnets;
    const count = 2 * group.slots.length + SPARE_DRAWS;
    const drawn = group.next ? new Set<bigint>() : draw(subnet?.pools[0], count, random);
    if (subnet !== undefined) candidates.add(subnet, drawn);
    return drawn;
  });
  const used = await usedAmong(reader, candidates.bySubnet);

  const taken = new Map<string, Set<bigint>>();
  const chosen: Allocation[] = [];
  for (const { slot, subnet, address } of exact) {
    const takenHere = setOf(taken, subnet.id);
    if (used.get(subnet.id)?.has(address) === true || takenHere.has(address)) {
      throw IpAddressAlreadyAllocated({ subnetId: subnet.id, ip: ipFromValue(subnet.version, address).text });
    }
    takenHere.add(address);
    chosen.push(allocationOf(slot, subnet, address));
  }
  for (const [index, group] of groups.entries()) {
    const usedHere = used.get(group.subnets[0]?.id ?? '') ?? new Set<bigint>();
    chosen.push(...(await serve(group, draws[index] ?? new Set(), usedHere, { reader, random, taken })));
  }
  return inOrder(chosen, requests);
};
