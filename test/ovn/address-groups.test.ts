import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isFence } from '../../packages/server/src/drivers/mech/ovn/fence.ts';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { startOvnStack } from './stack.ts';

forEachDialect('address groups in the Northbound database', (databases) => {
  it('are two sets that follow every change, and that rules name', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { id } = await stack.make('address-groups', {
      address_group: { addresses: ['10.0.0.0/24', '2001:db8::/64'] },
    });
    const name = (version: number) => `ag_${id.replaceAll('-', '_')}_ip${version}`;
    const addresses = async (version: number) => {
      const [set] = (await stack.see()).Address_Set.find('name', name(version));
      return set === undefined ? undefined : [...set.addresses].toSorted();
    };
    assert.deepEqual([await addresses(4), await addresses(6)], [['10.0.0.0/24'], ['2001:db8::/64']]);
    const group = await stack.make('security-groups', { security_group: { name: 'g' } });
    const rule = await stack.make('security-group-rules', {
      security_group_rule: {
        security_group_id: group.id,
        direction: 'ingress',
        protocol: 'tcp',
        remote_address_group_id: id,
      },
    });
    const acl = [...(await stack.see()).ACL.rows()].find(
      (row) => row.external_ids.get('neutron:security_group_rule_id') === rule.id,
    );
    assert.match(acl?.match ?? '', new RegExp(`&& ip4\\.src == \\$${name(4)} && tcp$`));
    const change = (action: string, given: readonly string[]) =>
      stack.ask('PUT', `address-groups/${id}/${action}`, { addresses: given });
    await change('add_addresses', ['10.9.0.1', '10.0.0.0/8']);
    assert.deepEqual(await addresses(4), ['10.0.0.0/24', '10.0.0.0/8', '10.9.0.1/32']);
    await change('remove_addresses', ['10.0.0.0/24', '2001:db8::/64']);
    assert.deepEqual([await addresses(4), await addresses(6)], [['10.0.0.0/8', '10.9.0.1/32'], []]);
    assert.deepEqual(await stack.drift(), []);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
    await stack.ask('DELETE', `security-group-rules/${rule.id}`);
    assert.equal((await stack.ask('DELETE', `address-groups/${id}`)).status, 204);
    assert.deepEqual([await addresses(4), await addresses(6)], [undefined, undefined]);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });

  it('are repaired when somebody else edits or removes a set, and foreign sets are left alone', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await stack.make('address-groups', { address_group: { addresses: ['10.0.0.0/24'] } });
    const before = await stack.fresh();
    const { operations } = stack.observer;
    const own = [...(await stack.see()).Address_Set.rows()].filter((row) => !isFence(row));
    const [first, second] = own;
    assert.ok(first !== undefined && second !== undefined);
    const foreign = { name: 'somebody_else', addresses: new Set(['192.0.2.1']), external_ids: new Map() };
    await stack.observer.transact([
      operations.update('Address_Set', [['_uuid', '==', first._uuid]], {
        addresses: new Set(['192.0.2.0/24', '192.0.3.0/24']),
      }),
      operations.delete('Address_Set', [['_uuid', '==', second._uuid]]),
      operations.insert('Address_Set', '0d1a2b3c-0000-4000-8000-00000000000f', foreign),
    ]);
    assert.notDeepEqual(await stack.drift(), []);
    await stack.app.ovn?.resync();
    const sets = [...(await stack.see()).Address_Set.rows()].filter((row) => !isFence(row));
    assert.deepEqual(
      sets.map((row) => row.name).filter((name) => name === foreign.name),
      [foreign.name],
    );
    assert.deepEqual(await stack.drift(), []);
    const { Address_Set: now = {}, ...rest } = contentOf(await stack.see());
    const ours = Object.fromEntries(Object.entries(now).filter(([, row]) => row.name !== foreign.name));
    assert.deepEqual({ ...rest, Address_Set: ours }, before);
  });
});
