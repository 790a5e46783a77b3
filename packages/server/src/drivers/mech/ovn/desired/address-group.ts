import { addressGroupSet, addressSetUuid } from '../ids.ts';
import type { AddressGroupState } from '../state.ts';
import { type Desired, type DesiredRow, desiredRow, stringMap } from './row.ts';

const setRow = (group: AddressGroupState, version: 4 | 6): DesiredRow<'Address_Set'> => {
  const addresses = group.addresses.filter((address) => address.includes(':') === (version === 6));
  return desiredRow('Address_Set', addressSetUuid(group.id, version), {
    name: addressGroupSet(group.id, version),
    addresses: new Set(addresses),
    external_ids: stringMap({
      'neutron:address_group_id': group.id,
      'neutron:revision_number': String(group.revision),
    }),
  });
};

/** Address group → one Address_Set for each IP version, also where it has no address, because rules name both. */
export const desiredAddressGroup = (group: AddressGroupState): Desired => ({
  rows: [setRow(group, 4), setRow(group, 6)],
  members: [],
});
