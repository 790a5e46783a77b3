import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError, type Port, type PortBinding, portBinding } from '@ovenbird/api';
import { forEachDialect, type TestDatabases } from '../../testing/databases.ts';
import { createBody, createMl2Stack, updateBody } from '../../testing/ml2-stack.ts';
import { refused } from '../../testing/network-fixture.ts';
import {
  bindFirst,
  bindingDriver,
  bindingRows,
  bindPorts,
  levelRows,
  reload,
  storePort,
  storeTrunk,
  writeWithin,
} from '../../testing/port-fixture.ts';
import { createPortBindingBehaviour } from './behaviour.ts';

const must = <T>(value: T | undefined): T => value ?? assert.fail('missing');

/** Bindings as the engine drives them: transaction, then settle, then the answer. */
const setUp = async (databases: TestDatabases) => {
  const database = await databases.open();
  const heard: string[] = [];
  const driver = {
    ...bindingDriver('ovn', (request) => (request.host === 'nowhere' ? undefined : bindFirst()(request))),
    postcommit: (changes: readonly { kind: string; action: string }[]) =>
      Promise.resolve(void heard.push(...changes.map((one) => `${one.action} ${one.kind}`))),
  };
  const stack = createMl2Stack(database, { mechanismDrivers: [driver] });
  const { binding, loadPorts } = stack.plugin;
  const bindings = createPortBindingBehaviour({ binding, loadPorts });
  const network = await stack.createNetwork({});
  const parentOf = (port: Port) => ({ ...port });
  const settle = (port: Port, member: PortBinding) =>
    must(bindings.settle)(writeWithin(stack), parentOf(port), member);
  const find = async (port: Port, host: string) =>
    must(
      (await database.read((reader) => bindings.list(reader, parentOf(port)))).find(
        (one) => one.host === host,
      ),
    );
  heard.length = 0;
  return {
    database,
    stack,
    heard,
    network,
    find,
    list: (port: Port) => database.read((reader) => bindings.list(reader, parentOf(port))),
    async create(port: Port, attributes: object) {
      const body = createBody(portBinding, 'p1', attributes);
      const member = await stack.run((step) => must(bindings.create)(step, parentOf(port), body));
      return settle(port, member);
    },
    async update(port: Port, host: string, attributes: object) {
      const current = await find(port, host);
      const body = updateBody(portBinding, attributes);
      const member = await stack.run((step) => must(bindings.update)(step, parentOf(port), current, body));
      return settle(port, member);
    },
    async remove(port: Port, host: string) {
      const current = await find(port, host);
      await stack.run((step) => must(bindings.delete)(step, parentOf(port), current));
    },
    async activate(port: Port, host: string) {
      const current = await find(port, host);
      const activate = must(bindings.actions?.activate);
      const member = await stack.run((step) => activate(step, parentOf(port), current));
      return settle(port, member);
    },
  };
};

type Bindings = Awaited<ReturnType<typeof setUp>>;

const boundPort = async ({ database, stack, network }: Bindings): Promise<Port> => {
  const [port] = await bindPorts(stack, [
    await storePort(database, network, { host: 'h1', profile: { a: 1 }, status: 'ACTIVE' }),
  ]);
  return must(port);
};

const loadedPorts = ({ database, stack }: Bindings, ids: readonly string[]) =>
  database.read((reader) => stack.plugin.loadPorts(reader, ids));

forEachDialect('port bindings', (databases) => {
  it('show the active binding', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    assert.deepEqual(await bindings.list(port), [
      {
        host: 'h1',
        vif_type: 'ovs',
        vif_details: port['binding:vif_details'],
        vnic_type: 'normal',
        profile: { a: 1 },
        status: 'ACTIVE',
        project_id: 'p1',
      },
    ]);
  });

  it('are for ports of guests and shares only', async () => {
    const { database, network, list } = await setUp(databases);
    for (const deviceOwner of ['', 'network:dhcp', 'computer:x']) {
      const port = await storePort(database, network, { deviceOwner });
      await assert.rejects(list(port), refused(400, 'BadRequest', /compute and shared filesystem ports/));
    }
    assert.equal((await list(await storePort(database, network, { deviceOwner: 'manila:share' }))).length, 1);
  });

  it('are prepared on another host without touching the active one', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    const made = await bindings.create(port, { host: 'h2', profile: { b: 2 } });
    assert.deepEqual(
      [made.host, made.status, made.vif_type, made.profile],
      ['h2', 'INACTIVE', 'ovs', { b: 2 }],
    );
    assert.deepEqual(await bindings.find(port, 'h2'), made);
    assert.deepEqual(await reload(bindings.database, port), port);
    assert.deepEqual(await levelRows(bindings.database, port), ['h1 0 ovn', 'h2 0 ovn']);
    await assert.rejects(bindings.create(port, { host: 'h2' }), refused(409, 'PortBindingAlreadyExists'));
    await assert.rejects(bindings.create(port, { host: 'h1' }), refused(409, 'PortBindingAlreadyExists'));
  });

  it('that no driver can make are not kept', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    const before = await bindingRows(bindings.database, port);
    await assert.rejects(bindings.create(port, { host: 'nowhere' }), refused(500, 'PortBindingError'));
    assert.deepEqual(await bindingRows(bindings.database, port), before);
  });

  it('swap on activation, and the drivers hear of it', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    await bindings.create(port, { host: 'h2' });
    bindings.heard.length = 0;
    const active = await bindings.activate(port, 'h2');
    assert.deepEqual([active.status, active.vif_type], ['ACTIVE', 'ovs']);
    const current = await reload(bindings.database, port);
    assert.deepEqual(
      [current['binding:host_id'], current['binding:vif_type'], current.status],
      ['h2', 'ovs', 'DOWN'],
    );
    assert.equal(current.revision_number, port.revision_number + 1);
    assert.deepEqual(bindings.heard, ['update port']);
    const left = await bindings.find(port, 'h1');
    assert.deepEqual([left.status, left.vif_type], ['INACTIVE', 'unbound']);
    assert.deepEqual(await levelRows(bindings.database, port), ['h2 0 ovn']);
    await assert.rejects(bindings.activate(port, 'h2'), refused(409, 'PortBindingAlreadyActive'));
    await bindings.remove(port, 'h1');
    assert.deepEqual(Object.keys(await bindingRows(bindings.database, port)), ['h2']);
  });

  it('of a port without a host leave nothing behind when one is activated', async () => {
    const bindings = await setUp(databases);
    const port = await storePort(bindings.database, bindings.network);
    await bindings.create(port, { host: 'h2' });
    await bindings.activate(port, 'h2');
    assert.deepEqual(Object.keys(await bindingRows(bindings.database, port)), ['h2']);
  });

  it('are bound anew when a prepared one changes', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    await bindings.create(port, { host: 'h2' });
    const moved = await bindings.update(port, 'h2', { host: 'h3', profile: { c: 3 } });
    assert.deepEqual(
      [moved.host, moved.status, moved.vif_type, moved.profile],
      ['h3', 'INACTIVE', 'ovs', { c: 3 }],
    );
    assert.deepEqual(await levelRows(bindings.database, port), ['h1 0 ovn', 'h3 0 ovn']);
    await assert.rejects(
      bindings.update(port, 'h3', { host: 'h1' }),
      refused(409, 'PortBindingAlreadyExists'),
    );
    assert.deepEqual(await bindings.update(port, 'h3', { host: 'h3' }), moved);
  });

  it('are bound anew, port and all, when the active one changes', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    await bindings.create(port, { host: 'h2' });
    const moved = await bindings.update(port, 'h1', { host: 'h2', profile: { d: 4 } });
    assert.deepEqual(
      [moved.host, moved.status, moved.vif_type, moved.profile],
      ['h2', 'ACTIVE', 'ovs', { d: 4 }],
    );
    const current = await reload(bindings.database, port);
    assert.deepEqual([current['binding:host_id'], current.status], ['h2', 'DOWN']);
    assert.deepEqual(Object.keys(await bindingRows(bindings.database, port)), ['h2']);
    await assert.rejects(bindings.update(port, 'h2', { host: 'nowhere' }), refused(500, 'PortBindingError'));
  });

  it('leave the port unbound when the active one is deleted', async () => {
    const bindings = await setUp(databases);
    const port = await boundPort(bindings);
    await bindings.remove(port, 'h1');
    const current = await reload(bindings.database, port);
    assert.deepEqual(
      [current['binding:host_id'], current['binding:vif_type'], current.status],
      ['', 'unbound', 'DOWN'],
    );
  });

  it('leave the trunk of the port DOWN whenever nothing carries it', async () => {
    const bindings = await setUp(databases);
    const { database, stack } = bindings;
    const { id } = await boundPort(bindings);
    const port = async (): Promise<Port> => must((await loadedPorts(bindings, [id]))[0]);
    const trunkStatus = await storeTrunk(database, await port());
    await bindings.create(await port(), { host: 'h2' });
    await bindings.activate(await port(), 'h2');
    assert.equal(await trunkStatus(), 'ACTIVE', 'a migration leaves it alone');
    const comesUp = async () => {
      await stack.plugin.status.report([{ portId: id, up: true }]);
      assert.equal(await trunkStatus(), 'ACTIVE');
    };
    await bindings.update(await port(), 'h2', { profile: { b: 2 } });
    assert.equal(await trunkStatus(), 'DOWN', 'until the new binding carries it');
    await comesUp();
    await bindings.remove(await port(), 'h2');
    assert.equal(await trunkStatus(), 'DOWN');
    // The host still says that it is up; then it lets go.
    await comesUp();
    await stack.plugin.status.report([{ portId: id, up: false }]);
    assert.equal(await trunkStatus(), 'DOWN');
  });

  it('name their own 404', () => {
    const bindings = createPortBindingBehaviour({
      binding: { attempt: () => assert.fail(), bind: () => assert.fail() },
      loadPorts: () => assert.fail(),
    });
    const error = bindings.notFound?.({ id: 'p', project_id: '' }, 'h9');
    assert.ok(error instanceof ApiError);
    assert.deepEqual([error.status, error.type], [404, 'PortBindingNotFound']);
  });
});
