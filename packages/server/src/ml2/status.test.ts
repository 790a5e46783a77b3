import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createMl2Stack } from '../testing/ml2-stack.ts';
import { reload, storePort } from '../testing/port-fixture.ts';

forEachDialect('port status', (databases) => {
  const setUp = async () => {
    const database = await databases.open();
    const stack = createMl2Stack(database);
    return { database, stack, network: await stack.createNetwork({}) };
  };

  it('follows the level, once, and outside of the revision', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network);
    await stack.plugin.status.report([{ portId: port.id, up: true }]);
    const active = await reload(database, port);
    assert.deepEqual([active.status, active.revision_number], ['ACTIVE', 1]);
    await stack.plugin.status.report([{ portId: port.id, up: true }]);
    await stack.plugin.status.report([{ portId: port.id, up: false }]);
    assert.equal((await reload(database, port)).status, 'DOWN');
    assert.deepEqual(
      stack.news.map(({ portId, status, previous }) => [portId, status, previous]),
      [
        [port.id, 'ACTIVE', 'DOWN'],
        [port.id, 'DOWN', 'ACTIVE'],
      ],
    );
    assert.deepEqual(stack.news[0], {
      portId: port.id,
      networkId: network.id,
      projectId: 'p1',
      deviceId: 'vm',
      deviceOwner: 'compute:nova',
      status: 'ACTIVE',
      previous: 'DOWN',
      arrived: false,
    });
  });

  it('is news again when a port that is up arrives at another host, and writes nothing then', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network, { status: 'ACTIVE' });
    await stack.plugin.status.report([{ portId: port.id, up: false, arrived: true }]);
    await stack.plugin.status.report([{ portId: port.id, up: true }]);
    const before = await reload(database, port);
    await stack.plugin.status.report([{ portId: port.id, up: true, arrived: true }]);
    assert.deepEqual(await reload(database, port), before);
    assert.deepEqual(
      stack.news.map(({ status, previous }) => [status, previous]),
      [
        ['DOWN', 'ACTIVE'],
        ['ACTIVE', 'DOWN'],
        ['ACTIVE', 'ACTIVE'],
      ],
    );
  });

  it('is not raised by what a driver saw before the port changed, but lowered', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network);
    const status = async () => (await reload(database, port)).status;
    await stack.plugin.status.report([{ portId: port.id, up: true, revision: 0 }]);
    assert.equal(await status(), 'DOWN');
    await stack.plugin.status.report([{ portId: port.id, up: true, revision: 1 }]);
    assert.equal(await status(), 'ACTIVE');
    await stack.plugin.status.report([{ portId: port.id, up: false, revision: 0 }]);
    assert.equal(await status(), 'DOWN');
  });

  it('stays DOWN while the owner has switched the port off', async () => {
    const { database, stack, network } = await setUp();
    const off = await storePort(database, network, { adminStateUp: false });
    const switched = await storePort(database, network, { adminStateUp: false, status: 'ACTIVE' });
    await stack.plugin.status.report([
      { portId: off.id, up: true },
      { portId: switched.id, up: true },
    ]);
    assert.equal((await reload(database, off)).status, 'DOWN');
    assert.equal((await reload(database, switched)).status, 'DOWN');
  });

  it('lets the last report of a port win and ignores ports that are gone', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network);
    await stack.plugin.status.report([
      { portId: '00000000-0000-0000-0000-000000000000', up: true },
      { portId: port.id, up: true },
      { portId: port.id, up: false },
      { portId: port.id, up: true },
    ]);
    assert.equal((await reload(database, port)).status, 'ACTIVE');
    assert.equal(stack.news.length, 1);
    await stack.plugin.status.report([]);
    assert.equal(stack.news.length, 1);
  });

  it('tells where a driver placed the port, outside of the revision and without news', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network);
    const other = await storePort(database, network);
    await stack.plugin.status.report([
      { portId: port.id, up: false, host: 'gateway-1' },
      { portId: other.id, up: false },
    ]);
    const placed = await reload(database, port);
    assert.deepEqual([placed['binding:host_id'], placed.revision_number], ['gateway-1', 1]);
    assert.equal((await reload(database, other))['binding:host_id'], other['binding:host_id']);
    await stack.plugin.status.report([{ portId: port.id, up: false, host: '' }]);
    assert.equal((await reload(database, port))['binding:host_id'], '');
    assert.deepEqual(stack.news, []);
  });

  it('takes more reports than one transaction holds', async () => {
    const { database, stack, network } = await setUp();
    const port = await storePort(database, network);
    const strangers = Array.from({ length: 2500 }, (_, index) => ({ portId: `stranger-${index}`, up: true }));
    await stack.plugin.status.report([...strangers, { portId: port.id, up: true }]);
    assert.equal((await reload(database, port)).status, 'ACTIVE');
  });
});
