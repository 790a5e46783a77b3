import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../testing/databases.ts';
import {
  addPort,
  addSubnet,
  contents,
  provider,
  refused,
  setUpNetworks,
  show,
} from '../../testing/network-fixture.ts';

forEachDialect('delete of networks', (databases) => {
  it('takes subnets, service ports, segments, access and tags along', async () => {
    const { database, changes, stack } = await setUpNetworks(databases);
    const empty = await contents(database);
    const created = await stack.createNetwork({ ...provider('vlan', 'physnet1', 170), shared: true });
    const port = '00000000-0000-0000-0000-000000000021';
    const subnet = '00000000-0000-0000-0000-000000000020';
    await addSubnet(database, created, subnet, 4);
    await addPort(database, created, port, 'p1', 'network:distributed');
    for (const [index, owner] of ['network:dhcp', 'network:floatingip_agent_gateway'].entries())
      await addPort(database, created, `00000000-0000-0000-0000-00000000003${index}`, 'p1', owner);
    await database.transaction(({ query }) =>
      query
        .insertInto('tags')
        .values([created.id, port, subnet].map((object_id) => ({ object_id, tag: 't' })))
        .execute(),
    );
    const network = await show(database, stack, created.id);
    assert.ok(network);
    changes.length = 0;
    await stack.deleteNetwork(network);
    assert.deepEqual(await contents(database), empty);
    assert.deepEqual(
      changes.map(({ kind, action, id }) => `${kind} ${action} ${id}`).toSorted(),
      [
        `port delete ${port}`,
        'port delete 00000000-0000-0000-0000-000000000030',
        'port delete 00000000-0000-0000-0000-000000000031',
        `subnet delete ${subnet}`,
        `network delete ${created.id}`,
      ].toSorted(),
    );
    assert.deepEqual(changes.at(-1)?.kind, 'network');
    await stack.createNetwork(provider('vlan', 'physnet1', 170));
  });

  it('is refused while other ports hang on it', async () => {
    const { database, stack } = await setUpNetworks(databases);
    const network = await stack.createNetwork({});
    await addPort(database, network, '00000000-0000-0000-0000-000000000022', 'p1', 'network:dhcp');
    await addPort(database, network, '00000000-0000-0000-0000-000000000023', 'p1', '');
    const before = await contents(database);
    await assert.rejects(stack.deleteNetwork(network), refused(409, 'NetworkInUse', new RegExp(network.id)));
    assert.deepEqual(await contents(database), before);
  });
});
