import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../testing/databases.ts';
import { createMl2Stack } from '../testing/ml2-stack.ts';
import { bindFirst, bindingDriver, bindPorts, reload, storePort } from '../testing/port-fixture.ts';
import { createRetryBinding } from './retry-binding.ts';

forEachDialect('binding again', (databases) => {
  it('binds the failed ports of a host that came back, and no others', async () => {
    const database = await databases.open();
    const alive = new Set<string>();
    const heard: string[] = [];
    const driver = {
      ...bindingDriver('ovn', (request) => (alive.has(request.host) ? bindFirst()(request) : undefined)),
      postcommit: (changes: readonly { id: string }[]) =>
        Promise.resolve(void heard.push(...changes.map((one) => one.id))),
    };
    const stack = createMl2Stack(database, { mechanismDrivers: [driver] });
    const network = await stack.createNetwork({});
    const ports = [
      await storePort(database, network, { host: 'h1' }),
      await storePort(database, network, { host: 'h1' }),
      await storePort(database, network, { host: 'h2' }),
      await storePort(database, network),
    ];
    await bindPorts(stack, ports);
    const retry = createRetryBinding({ database, plugin: stack.plugin, write: stack.write });
    assert.equal(await retry(['h1', 'h3']), 0);
    alive.add('h1');
    heard.length = 0;
    assert.equal(await retry(['h1', 'h3']), 2);
    assert.equal(await retry(['h1', 'h3']), 0);
    const types = await Promise.all(
      ports.map(async (port) => (await reload(database, port))['binding:vif_type']),
    );
    assert.deepEqual(types, ['ovs', 'ovs', 'binding_failed', 'unbound']);
    assert.deepEqual(
      heard.toSorted(),
      ports
        .slice(0, 2)
        .map((port) => port.id)
        .toSorted(),
    );
  });

  it('binds what a process left unbound that ended before it had asked the drivers', async () => {
    const database = await databases.open();
    const stack = createMl2Stack(database, { mechanismDrivers: [bindingDriver('ovn', bindFirst())] });
    const network = await stack.createNetwork({});
    const left = await storePort(database, network, { host: 'h1' });
    const elsewhere = await storePort(database, network, { host: 'h2' });
    const retry = createRetryBinding({ database, plugin: stack.plugin, write: stack.write });
    assert.equal(await retry(['h1']), 1);
    assert.equal((await reload(database, left))['binding:vif_type'], 'ovs');
    assert.equal((await reload(database, elsewhere))['binding:vif_type'], 'unbound');
  });
});
