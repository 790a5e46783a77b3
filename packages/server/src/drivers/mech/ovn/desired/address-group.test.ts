import assert from 'node:assert/strict';
import { it } from 'node:test';
import { desiredAddressGroup } from './address-group.ts';

const id = '7b2c1f3e-0000-4000-8000-0123456789ab';

it('an address group is one set for each IP version, also an empty one', () => {
  const group = { id, revision: 3, addresses: ['10.0.0.0/24', '10.1.0.5/32'] };
  const { rows, members } = desiredAddressGroup(group);
  assert.deepEqual(members, []);
  assert.deepEqual(
    rows.map(({ table, columns }) => ({ table, ...columns })),
    [4, 6].map((version) => ({
      table: 'Address_Set',
      name: `ag_7b2c1f3e_0000_4000_8000_0123456789ab_ip${version}`,
      addresses: new Set(version === 4 ? group.addresses : []),
      external_ids: new Map([
        ['neutron:address_group_id', id],
        ['neutron:revision_number', '3'],
      ]),
    })),
  );
  assert.equal(new Set(rows.map((row) => row.uuid)).size, 2);
});
