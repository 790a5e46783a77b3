import { IpAddressAlreadyAllocated, IpAddressGenerationFailure, ipFromValue } from '@ovenbird/api';
import type { Reader, Transaction } from '../db/database.ts';
import { sizeOf } from './address-range.ts';
import { type Allocation, insertAllocations, insertFreeAllocations, usedOf } from './allocations.ts';
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
const WINDOW = 65_536;
/** How often random addresses are tried before free ones are searched for; enough while a pool is not dense. */
const DRAWS = 3;

interface Slot {
  readonly port: PortWants;
  readonly position: number;
}

/** Wants for any address of the same subnets, which are of one network; they are served together. */
interface Group {
  readonly networkId: string;
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
      const { subnets, next } = want;
      const key = JSON.stringify([next, subnets.map((subnet) => subnet.id)]);
      const group = groups.get(key) ?? { networkId: port.networkId, subnets, next, slots: [] };
      groups.set(key, group);
      group.slots.push(slot);
    });
  }
  return { exact, groups: [...groups.values()] };
};

const allocationOf = (slot: Slot, subnet: IpamSubnet, address: bigint): Allocation => ({
  portId: slot.port.portId,
  networkId: slot.port.networkId,
  subnetId: subnet.id,
  version: subnet.version,
  address,
  position: slot.position,
});

/** Addresses of one call by subnet, so that none is asked for twice. */
class Claimed {
  readonly #bySubnet = new Map<string, Set<bigint>>();

  /** False when it was claimed before. */
  add(subnetId: string, address: bigint): boolean {
    const known = this.#bySubnet.get(subnetId) ?? new Set<bigint>();
    this.#bySubnet.set(subnetId, known);
    if (known.has(address)) return false;
    known.add(address);
    return true;
  }
}

const alreadyAllocated = ({ subnetId, version, address }: Allocation) =>
  IpAddressAlreadyAllocated({ subnetId, ip: ipFromValue(version, address).text });

/** Random addresses of the group's first subnet, from the window of its first pool; one a slot, where one was drawn. */
const draw = ({ subnets: [subnet], next, slots }: Group, random: Random, claimed: Claimed): Allocation[] => {
  const pool = subnet?.pools[0];
  if (subnet === undefined || pool === undefined || next) return [];
  const span = BigInt(Math.min(WINDOW, Number(sizeOf(pool))));
  return slots.flatMap((slot) => {
    const address = pool.first + random.below(span);
    return claimed.add(subnet.id, address) ? [allocationOf(slot, subnet, address)] : [];
  });
};

const unserved = (groups: readonly Group[], served: readonly Allocation[]): readonly Group[] => {
  const keys = new Set(served.map(({ portId, position }) => `${portId} ${position}`));
  return groups.map((group) => ({
    ...group,
    slots: group.slots.filter(({ port, position }) => !keys.has(`${port.portId} ${position}`)),
  }));
};

/** Serve a group by exact search, subnet by subnet. Throws IpAddressGenerationFailure where not enough is free. */
const search = async (
  reader: Reader,
  group: Group,
  random: Random,
  takenIn: (subnetId: string) => Set<bigint>,
): Promise<readonly Allocation[]> => {
  const waiting = [...group.slots];
  const served: Allocation[] = [];
  for (const subnet of group.subnets) {
    const options = { lowest: group.next, random, taken: takenIn(subnet.id) };
    const used = usedOf(reader, subnet.id, subnet.version);
    for (const address of await findFree(used, subnet.pools, waiting.length, options)) {
      const slot = waiting.shift();
      if (slot !== undefined) served.push(allocationOf(slot, subnet, address));
    }
  }
  if (waiting.length > 0) throw IpAddressGenerationFailure({ networkId: group.networkId });
  return served;
};

const searchAll = async (
  tx: Transaction,
  groups: readonly Group[],
  random: Random,
): Promise<readonly Allocation[]> => {
  const taken = new Map<string, Set<bigint>>();
  const takenIn = (subnetId: string): Set<bigint> => {
    const known = taken.get(subnetId) ?? new Set<bigint>();
    taken.set(subnetId, known);
    return known;
  };
  const found: Allocation[] = [];
  for (const group of groups) found.push(...(await search(tx, group, random, takenIn)));
  await insertAllocations(tx, found);
  return found;
};

const inOrder = (
  allocations: readonly Allocation[],
  requests: readonly PortWants[],
): readonly Allocation[] => {
  const byPort = Map.groupBy(allocations, ({ portId }) => portId);
  return requests.flatMap(({ portId }) =>
    (byPort.get(portId) ?? []).toSorted((a, b) => a.position - b.position),
  );
};

/**
 * Allocate addresses for any number of ports, whose rows exist. Usually one statement: addresses asked for by name and
 * random ones are inserted, and the table's key says which are free. Where pools are dense the rest is searched for, in a
 * few counts for each pool.
 *
 * @returns one allocation for each want, in order of the requests and their wants
 * @throws ApiError IpAddressAlreadyAllocated where an address is in use, IpAddressGenerationFailure where none is free;
 *   UniqueViolation where another process was faster
 */
export const allocateAddresses = async (
  tx: Transaction,
  requests: readonly PortWants[],
  random: Random,
): Promise<readonly Allocation[]> => {
  const sorted = sortWants(requests);
  const claimed = new Claimed();
  const exact = sorted.exact.map(({ slot, subnet, address }) => {
    const allocation = allocationOf(slot, subnet, address);
    if (!claimed.add(subnet.id, address)) throw alreadyAllocated(allocation);
    return allocation;
  });
  const done = [...exact];
  let groups = sorted.groups;
  let named = exact;
  for (let round = 0; round < DRAWS; round++) {
    const drawn = groups.flatMap((group) => draw(group, random, claimed));
    const isWritten = await insertFreeAllocations(tx, [...named, ...drawn]);
    const refused = named.find((allocation) => !isWritten(allocation));
    if (refused !== undefined) throw alreadyAllocated(refused);
    named = [];
    const written = drawn.filter(isWritten);
    done.push(...written);
    groups = unserved(groups, written);
  }
  done.push(...(await searchAll(tx, groups, random)));
  return inOrder(done, requests);
};
