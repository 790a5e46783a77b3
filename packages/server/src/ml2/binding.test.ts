import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError } from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../testing/databases.ts';
import { createMl2Stack } from '../testing/ml2-stack.ts';
import {
  bindFirst,
  bindingDriver,
  bindingRows,
  bindPorts,
  levelRows,
  reload,
  storePort,
} from '../testing/port-fixture.ts';
import { changeBinding } from './binding-state.ts';
import type { Change, MechanismDriver } from './contract.ts';

const setUp = async (databases: TestDatabases, ...drivers: readonly MechanismDriver[]) => {
  const database = await databases.open();
  const changes: Change[] = [];
  const recorder: MechanismDriver = {
    name: 'recorder',
    postcommit: (all) => Promise.resolve(void changes.push(...all)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const stack = createMl2Stack(database, { mechanismDrivers: [...drivers, recorder] });
  const network = await stack.createNetwork({});
  changes.length = 0;
  return { database, changes, stack, network };
};

forEachDialect('port binding', (databases) => {
  it('asks the drivers in order and stores what the first one says', async () => {
    const { database, changes, stack, network } = await setUp(
      databases,
      bindingDriver('silent', () => undefined),
      bindingDriver('ovn', bindFirst()),
      bindingDriver('late', bindFirst('other')),
    );
    const port = await storePort(database, network, { host: 'h1' });
    const [bound] = await bindPorts(stack, [port]);
    assert.equal(bound?.['binding:vif_type'], 'ovs');
    assert.deepEqual(bound?.['binding:vif_details'], {
      port_filter: true,
      connectivity: 'l2',
      bound_drivers: { '0': 'ovn' },
    });
    assert.equal(bound?.revision_number, 2);
    assert.deepEqual(await reload(database, port), bound);
    assert.deepEqual(await levelRows(database, port), ['h1 0 ovn']);
    assert.deepEqual(changes, [
      { kind: 'port', action: 'update', id: port.id, original: port, current: bound },
    ]);
  });

  it('leaves ports without a host, and bound ones, alone', async () => {
    let asked = 0;
    const { database, changes, stack, network } = await setUp(
      databases,
      bindingDriver('ovn', (request) => {
        asked += 1;
        return bindFirst()(request);
      }),
    );
    const homeless = await storePort(database, network);
    const [bound] = await bindPorts(stack, [await storePort(database, network, { host: 'h1' })]);
    assert.ok(bound);
    changes.length = 0;
    assert.deepEqual(await bindPorts(stack, [homeless, bound]), [homeless, bound]);
    assert.equal(asked, 1);
    assert.deepEqual(changes, []);
  });

  it('binds many ports in one go', async () => {
    const { database, stack, network } = await setUp(databases, bindingDriver('ovn', bindFirst()));
    const ports = [];
    for (let count = 0; count < 12; count += 1) {
      ports.push(await storePort(database, network, { host: `h${count % 3}` }));
    }
    const bound = await bindPorts(stack, ports);
    assert.deepEqual(
      bound.map((port) => [port.id, port['binding:vif_type'], port['binding:host_id']]),
      ports.map((port) => [port.id, 'ovs', port['binding:host_id']]),
    );
  });

  it('fails when no driver can, or one throws, and tries again later without new revisions', async () => {
    let works = false;
    const { database, changes, stack, network } = await setUp(
      databases,
      bindingDriver('broken', () => Promise.reject(new Error('boom'))),
      bindingDriver('ovn', (request) => (works ? bindFirst()(request) : undefined)),
    );
    const port = await storePort(database, network, { host: 'h1' });
    const [failed] = await bindPorts(stack, [port]);
    assert.ok(failed);
    assert.equal(failed['binding:vif_type'], 'binding_failed');
    assert.deepEqual([failed['binding:vif_details'], failed.revision_number], [{}, 2]);
    changes.length = 0;
    assert.deepEqual(await bindPorts(stack, [failed]), [failed]);
    assert.deepEqual(changes, []);
    works = true;
    const [bound] = await bindPorts(stack, [failed]);
    assert.equal(bound?.['binding:vif_type'], 'ovs');
  });

  it('needs layer 2 connectivity for ports without addresses', async () => {
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver('routed', bindFirst('tap', 'l3')),
      bindingDriver('plain', bindFirst('ovs', 'l2')),
    );
    const [bound] = await bindPorts(stack, [await storePort(database, network, { host: 'h1' })]);
    assert.equal(bound?.['binding:vif_type'], 'ovs');
    assert.deepEqual(await levelRows(database, bound ?? assert.fail()), ['h1 0 plain']);
  });

  it('descends level by level, and gives up on a driver that goes round in circles', async () => {
    const below = (id: string) => ({
      id,
      networkId: 'n',
      networkType: 'vlan',
      physicalNetwork: 'rack',
      segmentationId: 7,
    });
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver(
        'circle',
        ({ segments: [first] }) => first && { outcome: 'continue', segmentId: first.id, segments: [first] },
      ),
      bindingDriver('fabric', ({ segments: [first] }) =>
        first?.networkType === 'geneve'
          ? { outcome: 'continue', segmentId: first.id, segments: [below('below')] }
          : undefined,
      ),
      bindingDriver('leaf', (request) =>
        request.segments[0]?.networkType === 'vlan' ? bindFirst()(request) : undefined,
      ),
    );
    const [bound] = await bindPorts(stack, [await storePort(database, network, { host: 'h1' })]);
    assert.equal(bound?.['binding:vif_type'], 'ovs');
    const levels = await levelRows(database, bound ?? assert.fail());
    assert.deepEqual(levels, ['h1 0 circle', 'h1 1 fabric', 'h1 2 circle', 'h1 3 leaf']);
  });

  it('ignores a driver that names a segment it was not offered', async () => {
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver('liar', () => ({
        outcome: 'bound',
        segmentId: 'elsewhere',
        vifType: 'ovs',
        vifDetails: {},
      })),
    );
    const [failed] = await bindPorts(stack, [await storePort(database, network, { host: 'h1' })]);
    assert.equal(failed?.['binding:vif_type'], 'binding_failed');
  });

  it('starts anew when the host changes while drivers are asked: the later host wins', async () => {
    const hosts: string[] = [];
    let move = async (): Promise<void> => {};
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver('ovn', async (request) => {
        hosts.push(request.host);
        await move();
        return bindFirst()(request);
      }),
    );
    const port = await storePort(database, network, { host: 'h1' });
    move = async () => {
      move = async () => {};
      await stack.run(async ({ tx }) => changeBinding(tx, port, { 'binding:host_id': 'h2' }));
    };
    const [bound] = await bindPorts(stack, [port]);
    assert.deepEqual(hosts, ['h1', 'h2']);
    assert.deepEqual([bound?.['binding:host_id'], bound?.['binding:vif_type']], ['h2', 'ovs']);
    assert.deepEqual(await levelRows(database, port), ['h2 0 ovn']);
  });

  it('takes the result that another process committed first', async () => {
    let rival = async (): Promise<void> => {};
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver('slow', async (request) => {
        await rival();
        return bindFirst('slow')(request);
      }),
    );
    const other = createMl2Stack(database, { mechanismDrivers: [bindingDriver('fast', bindFirst('fast'))] });
    const port = await storePort(database, network, { host: 'h1' });
    rival = async () => void (await bindPorts(other, [port]));
    const [bound] = await bindPorts(stack, [port]);
    assert.equal(bound?.['binding:vif_type'], 'fast');
    assert.deepEqual(await levelRows(database, port), ['h1 0 fast']);
    assert.equal(bound?.revision_number, 2);
  });

  it('gives up on a port that changes at every try', async () => {
    let tries = 0;
    const { database, stack, network } = await setUp(
      databases,
      bindingDriver('ovn', async (request) => {
        tries += 1;
        const current = await reload(database, request.port);
        await stack.run(({ tx }) => changeBinding(tx, current, { 'binding:host_id': `h${tries}` }));
        return bindFirst()(request);
      }),
    );
    const port = await storePort(database, network, { host: 'h' });
    const [left] = await bindPorts(stack, [port]);
    assert.equal(tries, 10);
    assert.deepEqual([left?.['binding:vif_type'], left?.['binding:host_id']], ['unbound', 'h10']);
  });

  it('returns a port that was deleted meanwhile as it was', async () => {
    let drop = async (): Promise<void> => {};
    const { database, changes, stack, network } = await setUp(
      databases,
      bindingDriver('ovn', async (request) => {
        await drop();
        return bindFirst()(request);
      }),
    );
    const port = await storePort(database, network, { host: 'h1' });
    drop = async () =>
      database.transaction(async ({ query }) => {
        await query.deleteFrom('ports').where('id', '=', port.id).execute();
      });
    assert.deepEqual(await bindPorts(stack, [port]), [port]);
    assert.deepEqual(changes, []);
  });

  it('is undone by a change of host, vnic type or profile, and by nothing else', async () => {
    const { database, stack, network } = await setUp(databases, bindingDriver('ovn', bindFirst()));
    const profile = { a: 1, b: { c: [2] } };
    const port = await storePort(database, network, { host: 'h1', profile });
    const change = (attributes: Parameters<typeof changeBinding>[2]) => async () => {
      const [bound] = await bindPorts(stack, [await reload(database, port)]);
      assert.ok(bound?.['binding:vif_type'] === 'ovs');
      return stack.run(({ tx }) => changeBinding(tx, bound, attributes));
    };
    assert.equal(await change({})(), false);
    assert.equal(
      await change({
        'binding:host_id': 'h1',
        'binding:vnic_type': 'normal',
        'binding:profile': { b: { c: [2] }, a: 1 },
      })(),
      false,
    );
    await assert.rejects(change({ 'binding:vnic_type': 'direct' }), (error: unknown) => {
      assert.ok(error instanceof ApiError);
      assert.deepEqual([error.status, error.type], [409, 'PortInUse']);
      return true;
    });
    assert.equal(await change({ 'binding:profile': { a: 2 } })(), true);
    assert.deepEqual(await levelRows(database, port), []);
    assert.equal(await change({ 'binding:host_id': '' })(), true);
    assert.deepEqual(Object.keys(await bindingRows(database, port)), ['']);
    const homeless = await reload(database, port);
    assert.equal(
      await stack.run(({ tx }) => changeBinding(tx, homeless, { 'binding:vnic_type': 'direct' })),
      true,
    );
  });

  it('gives a port the MAC address of the device that is handed to the guest whole', async () => {
    const { database, stack, network } = await setUp(databases, bindingDriver('ovn', bindFirst()));
    const profile = { device_mac_address: '52:54:00:AA:BB:CC' };
    const choice = { host: 'h1', vnicType: 'direct-physical', profile };
    const [first, second] = await bindPorts(stack, [
      await storePort(database, network, choice),
      await storePort(database, network, choice),
    ]);
    assert.deepEqual([first?.mac_address, first?.['binding:vif_type']], ['52:54:00:aa:bb:cc', 'ovs']);
    assert.equal(second?.['binding:vif_type'], 'binding_failed');
    assert.notEqual(second?.mac_address, '52:54:00:aa:bb:cc');
    const odd = await storePort(database, network, {
      ...choice,
      profile: { device_mac_address: 'nonsense' },
    });
    const [bound] = await bindPorts(stack, [odd]);
    assert.deepEqual([bound?.mac_address, bound?.['binding:vif_type']], [odd.mac_address, 'ovs']);
  });
});
