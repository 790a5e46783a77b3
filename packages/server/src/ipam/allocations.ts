import { ipFromValue } from '@ovenbird/api';
import type { Reader, Transaction } from '../db/database.ts';
import { eachOf } from '../db/query/each-of.ts';
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

/** Write allocations; chosen and checked before, in the same transaction. */
export const insertAllocations = async (
  tx: Transaction,
  allocations: readonly Allocation[],
): Promise<void> => {
  for (let from = 0; from < allocations.length; from += ROWS_AT_ONCE) {
    const rows = allocations.slice(from, from + ROWS_AT_ONCE).map((allocation) => ({
      port_id: allocation.portId,
      network_id: allocation.networkId,
      subnet_id: allocation.subnetId,
      ip_address: ipFromValue(allocation.version, allocation.address).text,
      ip_sort: ipSortOf(allocation.version, allocation.address),
      position: allocation.position,
    }));
    await tx.query.insertInto('ip_allocations').values(rows).execute();
  }
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

/** Which of these addresses are in use: by subnet, the numbers. One statement. */
export const usedAmong = async (
  reader: Reader,
  candidates: ReadonlyMap<string, { readonly version: 4 | 6; readonly addresses: ReadonlySet<bigint> }>,
): Promise<ReadonlyMap<string, ReadonlySet<bigint>>> => {
  const asked = [...candidates].filter(([, { addresses }]) => addresses.size > 0);
  const used = new Map<string, Set<bigint>>(asked.map(([subnetId]) => [subnetId, new Set()]));
  if (asked.length === 0) return used;
  const rows = await reader.query
    .selectFrom('ip_allocations')
    .select(['subnet_id', 'ip_sort'])
    .where((eb) =>
      eb.or(
        asked.map(([subnetId, { version, addresses }]) =>
          eb.and([
            eb('subnet_id', '=', subnetId),
            eb('ip_sort', 'in', eachOf([...addresses].map((address) => ipSortOf(version, address)))),
          ]),
        ),
      ),
    )
    .execute();
  for (const row of rows) used.get(row.subnet_id)?.add(ipSortValue(row.ip_sort));
  return used;
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
