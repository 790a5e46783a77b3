import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

/** A network with a subnet, and what OVN answers about names in it. */
const world = async (stack: OvnStack) => {
  const network = await stack.make('networks', { network: { dns_domain: 'net.example.' } });
  const subnet = { network_id: network.id, ip_version: 4, cidr: '10.0.0.0/24' };
  await stack.make('subnets', { subnet });
  const port = (address: string, given: object) =>
    stack.make('ports', {
      port: { network_id: network.id, fixed_ips: [{ ip_address: address }], ...given },
    });
  const change = async (id: string, given: object) => {
    const { status } = await stack.ask('PUT', `ports/${id}`, { port: given });
    assert.equal(status, 200);
  };
  const rows = async () => (await stack.see()).DNS.find('switch', `neutron-${network.id}`);
  const records = async () => {
    const [row] = await rows();
    return row === undefined ? undefined : Object.fromEntries([...row.records].toSorted());
  };
  return { network, port, change, rows, records };
};

const machine = { device_id: 'vm', device_owner: 'compute:nova' };

forEachDialect('names in the Northbound database', (databases) => {
  it('follow ports as they come, are renamed, readdressed and go, also where two share a name', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { network, port, change, rows, records } = await world(stack);
    const one = await port('10.0.0.5', { ...machine, dns_name: 'web' });
    const of = (addresses: string, name = 'web') => ({
      [name]: addresses,
      [`${name}.example.org`]: addresses,
      [`${name}.net.example`]: addresses,
    });
    const back = (host: number, name = 'web') => ({ [`${host}.0.0.10.in-addr.arpa`]: `${name}.example.org` });
    assert.deepEqual(await records(), { ...of('10.0.0.5'), ...back(5) });
    const [row] = await rows();
    assert.deepEqual(
      [...((await stack.see()).Logical_Switch.get(network.id)?.dns_records ?? [])],
      [row?._uuid],
    );
    const two = await port('10.0.0.6', { dns_name: 'web' });
    assert.deepEqual(await records(), { ...of('10.0.0.5'), ...back(5) }, 'a port without a device');
    await change(two.id, machine);
    const [first, second] = [one, two].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const both = [first, second].map((each) => each.fixed_ips[0].ip_address).join(' ');
    assert.deepEqual(await records(), { ...of(both), ...back(5), ...back(6) });
    await change(one.id, { dns_name: 'db' });
    const apart = { ...of('10.0.0.6'), ...back(6), ...of('10.0.0.5', 'db'), ...back(5, 'db') };
    assert.deepEqual(await records(), apart);
    await change(two.id, { fixed_ips: [{ ip_address: '10.0.0.7' }] });
    await stack.ask('DELETE', `ports/${one.id}`);
    assert.deepEqual(await records(), { ...of('10.0.0.7'), ...back(7) });
    await stack.ask('PUT', `networks/${network.id}`, { network: { dns_domain: '' } });
    const { 'web.net.example': _gone, ...rest } = of('10.0.0.7');
    assert.deepEqual(await records(), { ...rest, ...back(7) });
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
    await change(two.id, { dns_name: '' });
    assert.equal(await records(), undefined);
    assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
  });

  it('are repaired when somebody else edits them, and foreign rows are left alone', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    const { network, port, rows } = await world(stack);
    await port('10.0.0.5', { ...machine, dns_name: 'web' });
    const before = await stack.fresh();
    const { operations: ops } = stack.observer;
    const [own] = await rows();
    assert.ok(own !== undefined);
    const foreign = '0d1a2b3c-0000-4000-8000-00000000000f';
    const theirRow = { records: new Map([['theirs', '192.0.2.2']]), external_ids: new Map<string, string>() };
    await stack.observer.transact([
      ops.update('DNS', [['_uuid', '==', own._uuid]], { records: new Map([['evil', '192.0.2.1']]) }),
      ops.insert('DNS', foreign, theirRow),
      ops.mutate(
        'Logical_Switch',
        [['_uuid', '==', network.id]],
        [
          ['dns_records', 'delete', new Set([own._uuid])],
          ['dns_records', 'insert', new Set([foreign])],
        ],
      ),
    ]);
    assert.notDeepEqual(await stack.drift(), []);
    await stack.app.ovn?.resync();
    assert.deepEqual(await stack.drift(), []);
    const { DNS: names = {}, Logical_Switch: switches = {}, ...rest } = contentOf(await stack.see());
    const { [foreign]: theirs, ...ours } = names;
    assert.deepEqual(theirs?.records, { theirs: '192.0.2.2' });
    const row = { ...switches[network.id] };
    assert.deepEqual(row.dns_records, [own._uuid, foreign].toSorted());
    const mended = { [network.id]: { ...row, dns_records: [own._uuid] } };
    assert.deepEqual({ ...rest, DNS: ours, Logical_Switch: mended }, before);
  });
});
