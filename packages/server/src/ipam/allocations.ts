import { ipFromValue } from '@ovenbird/api';
import type { Reader, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
import { asTheyAre, type InsertEnd, insertCompiled } from '../db/query/insert.ts';
import type { UsedAddresses } from './free-addresses.ts';
import { ipSortOf, ipSortValue } from './ip-sort.ts';

/** A row of `ip_allocations` before it is written. */
export interface Allocation {
  readonly portId: string;
  readonly networkId: string;
  readonly subnetId: string;
  readonly version: 4 | 6;
  readonly address: bigint;
  /** Order within the port's fixed_ips. */
  readonly position: number;
}

/** Rows an insert may have at once, so that its parameters stay below the 32,766 of SQLite. */
const ROWS_AT_ONCE = 4000;

const rowOf = (allocation: Allocation) => ({
  port_id: allocation.portId,
  network_id: allocation.networkId,
  subnet_id: allocation.subnetId,
  ip_address: ipFromValue(allocation.version, allocation.address).text,
  ip_sort: ipSortOf(allocation.version, allocation.address),
  position: allocation.position,
});

function* chunks(allocations: readonly Allocation[]): Generator<readonly Allocation[]> {
  for (let from = 0; from < allocations.length; from += ROWS_AT_ONCE) {
    yield allocations.slice(from, from + ROWS_AT_ONCE);
  }
}

/** Write allocations that are known to be free. Throws UniqueViolation where another process was faster. */
export const insertAllocations = async (
  tx: Transaction,
  allocations: readonly Allocation[],
): Promise<void> => {
  for (const chunk of chunks(allocations)) {
    await insertCompiled(tx, 'ip_allocations', chunk.map(rowOf), asTheyAre);
  }
};

/** What tells allocations apart: the address in its subnet. */
const keyOf = (subnetId: string, ipSortText: string): string => `${subnetId} ${ipSortText}`;

const whereFree: InsertEnd<'ip_allocations', { readonly subnet_id: string; readonly ip_sort: string }> = {
  name: 'where free',
  build: (query) => query.onConflict((conflict) => conflict.doNothing()).returning(['subnet_id', 'ip_sort']),
};

/** Write those of the allocations whose address is free; the result tells which were. The key of the table is the lock. */
export const insertFreeAllocations = async (
  tx: Transaction,
  allocations: readonly Allocation[],
): Promise<(allocation: Allocation) => boolean> => {
  const written = new Set<string>();
  for (const chunk of chunks(allocations)) {
    const rows = await insertCompiled(tx, 'ip_allocations', chunk.map(rowOf), whereFree);
    for (const row of rows) written.add(keyOf(row.subnet_id, row.ip_sort));
  }
  return ({ subnetId, version, address }) => written.has(keyOf(subnetId, ipSortOf(version, address)));
};

/** Give addresses of one port back. */
export const deleteAllocations = async (
  tx: Transaction,
  portId: string,
  addresses: readonly { readonly subnet_id: string; readonly ip_address: string }[],
): Promise<void> => {
  if (addresses.length === 0) return;
  await tx.query
    .deleteFrom('ip_allocations')
    .where('port_id', '=', portId)
    .where('ip_address', 'in', eachOf(addresses.map((ip) => ip.ip_address)))
    .where('subnet_id', 'in', eachOf([...new Set(addresses.map((ip) => ip.subnet_id))]))
    .execute();
};

/** What SQL says is in use of one subnet. */
export const usedOf = (reader: Reader, subnetId: string, version: 4 | 6): UsedAddresses => {
  const within = (first: bigint, last: bigint) =>
    reader.query
      .selectFrom('ip_allocations')
      .where('subnet_id', '=', subnetId)
      .where('ip_sort', '>=', ipSortOf(version, first))
      .where('ip_sort', '<=', ipSortOf(version, last));
  return {
    async count(first, last) {
      const row = await within(first, last)
        .select((eb) => eb.fn.countAll<number | string | bigint>().as('used'))
        .executeTakeFirstOrThrow();
      return BigInt(row.used);
    },
    async list(first, last) {
      const rows = await within(first, last).select('ip_sort').orderBy('ip_sort').execute();
      return rows.map((row) => ipSortValue(row.ip_sort));
    },
  };
};
