import type { Reader } from '../../../../db/database.ts';
import type { AddressGroupState } from '../state.ts';
import { grouped } from './decode.ts';
import { addressGroupQuery, groupAddressQuery } from './queries.ts';

/** Loads address groups with their addresses, in two statements. */
export function addressGroupLoader() {
  const groups = addressGroupQuery();
  const addresses = groupAddressQuery();

  return async (reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, AddressGroupState>> => {
    const rows = await groups.rows(reader, ids);
    const addressesOf = grouped(await addresses.rows(reader, ids), 'address_group_id');
    return new Map(
      rows.map((row) => [
        row.id,
        {
          id: row.id,
          revision: row.revision_number,
          addresses: (addressesOf.get(row.id) ?? []).map(({ address }) => address),
        },
      ]),
    );
  };
}
