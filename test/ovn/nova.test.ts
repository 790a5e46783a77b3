import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import { openDatabase } from '../../packages/server/src/db/open.ts';
import { createNovaClient, NovaUnavailable } from '../../packages/server/src/drivers/mech/nova/client.ts';
import { novaEvent } from '../../packages/server/src/drivers/mech/nova/events.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { certificateFor } from '../identity/front.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { startNovaEndpoint } from './nova-endpoint.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const waiting = (stack: OvnStack) =>
  stack.app.database.read((reader) => reader.query.selectFrom('nova_events').selectAll().execute());

const serverPort = (network: string, more: object = {}) => ({
  port: {
    network_id: network,
    device_owner: 'compute:nova',
    device_id: randomUUID(),
    'binding:host_id': 'host-1',
    ...more,
  },
});

/** A network with a subnet on a service with a chassis. */
async function ready(stack: OvnStack) {
  const controller = await connectAsController(stack.servers);
  const chassis = await addChassis(controller, { name: 'ch-1', hostname: 'host-1' });
  // A port that does not bind at first is bound when the host is known, which is a change that Nova hears of.
  await eventually(async () => assert.equal((await stack.ask('GET', 'agents')).body.agents.length, 1));
  const network = await stack.make('networks', { network: {} });
  const subnet = await stack.make('subnets', {
    subnet: { network_id: network.id, cidr: '10.0.0.0/24', ip_version: 4 },
  });
  return { controller, chassis, network: network.id, subnet: subnet.id };
}

forEachDialect('Nova', (databases) => {
  it('is told of servers’ ports that come up, go down, change and go, and of nothing else', async () => {
    await using nova = await startNovaEndpoint();
    const sections = { nova: { url: nova.url } };
    await using stack = await startOvnStack(await databases.freshUrl(), {}, sections);
    await using _northd = await startNorthd(stack.servers);
    const { controller, chassis, network, subnet } = await ready(stack);
    await using _controller = controller;
    const given = { fixed_ips: [{ subnet_id: subnet, ip_address: '10.0.0.10' }] };
    const port = await stack.make('ports', serverPort(network, given));
    const other = await stack.make('ports', {
      port: { network_id: network, device_owner: 'network:somebody', device_id: randomUUID() },
    });
    const claim = (id: string, up: boolean) =>
      controller.transact([
        controller.operations.update('Port_Binding', [['logical_port', '==', id]], {
          chassis: up ? chassis : undefined,
          up,
        }),
      ]);
    const told = (...events: readonly string[]) =>
      eventually(async () =>
        assert.deepEqual(
          nova.accepted(),
          events.map((name) => `${name} ${port.id}`),
        ),
      );
    await eventually(async () =>
      assert.equal(controller.replica.Port_Binding.find('port', port.id).length, 1),
    );
    await claim(other.id, true);
    await claim(port.id, true);
    await told('network-vif-plugged');
    assert.deepEqual(nova.told[0]?.events[0], novaEvent('network-vif-plugged', port.device_id, port.id));
    await stack.ask('PUT', `ports/${port.id}`, { port: { name: 'nothing to Nova' } });
    await stack.ask('PUT', `ports/${port.id}`, {
      port: { fixed_ips: [{ subnet_id: subnet, ip_address: '10.0.0.77' }] },
    });
    await told('network-vif-plugged', 'network-changed');
    const external = await stack.make('networks', { network: { 'router:external': true } });
    await stack.make('subnets', {
      subnet: { network_id: external.id, cidr: '203.0.113.0/24', ip_version: 4 },
    });
    const router = await stack.make('routers', {
      router: { external_gateway_info: { network_id: external.id } },
    });
    await stack.ask('PUT', `routers/${router.id}/add_router_interface`, { subnet_id: subnet });
    const floating = await stack.make('floatingips', {
      floatingip: { floating_network_id: external.id, port_id: port.id },
    });
    await stack.ask('PUT', `floatingips/${floating.id}`, { floatingip: { port_id: null } });
    await told('network-vif-plugged', 'network-changed', 'network-changed', 'network-changed');
    await claim(port.id, false);
    const before = [
      'network-vif-plugged',
      ...Array<string>(3).fill('network-changed'),
      'network-vif-unplugged',
    ];
    await told(...before);
    await stack.ask('DELETE', `ports/${port.id}`);
    await told(...before, 'network-vif-deleted');
    await eventually(async () => assert.deepEqual(await waiting(stack), []));
  });

  it('is told that a port changed which could not be bound before its host was known', async () => {
    await using nova = await startNovaEndpoint();
    await using stack = await startOvnStack(await databases.freshUrl(), {}, { nova: { url: nova.url } });
    await using controller = await connectAsController(stack.servers);
    const network = await stack.make('networks', { network: {} });
    const port = await stack.make('ports', serverPort(network.id));
    assert.equal(port['binding:vif_type'], 'binding_failed');
    await addChassis(controller, { name: 'ch-1', hostname: 'host-1' });
    await eventually(async () => assert.deepEqual(nova.accepted(), [`network-changed ${port.id}`]));
  });

  it('is told that the destination of a live migration carries the port, before the binding is activated', async () => {
    await using nova = await startNovaEndpoint();
    await using stack = await startOvnStack(await databases.freshUrl(), {}, { nova: { url: nova.url } });
    await using _northd = await startNorthd(stack.servers);
    const { controller, chassis, network } = await ready(stack);
    await using _controller = controller;
    const destination = await addChassis(controller, { name: 'ch-2', hostname: 'host-2' });
    const port = await stack.make('ports', serverPort(network));
    const told = (...events: readonly string[]) =>
      eventually(async () =>
        assert.deepEqual(
          nova.accepted(),
          events.map((name) => `${name} ${port.id}`),
        ),
      );
    const status = async () => (await stack.ask('GET', `ports/${port.id}`)).body.port.status;
    const write = (row: object) =>
      controller.transact([
        controller.operations.update('Port_Binding', [['logical_port', '==', port.id]], row),
      ]);
    await eventually(async () =>
      assert.equal(controller.replica.Port_Binding.find('port', port.id).length, 1),
    );
    await write({ chassis, up: true });
    await told('network-vif-plugged');
    const profile = { 'binding:profile': { migrating_to: 'host-2' } };
    assert.equal((await stack.ask('PUT', `ports/${port.id}`, { port: profile })).status, 200);
    await eventually(async () => assert.equal(await status(), 'ACTIVE', 'its own host carries it as before'));
    await stack.ask('PUT', `ports/${port.id}`, { port: { dns_name: 'later', fixed_ips: [] } });
    const before = [
      'network-vif-plugged',
      'network-vif-unplugged',
      'network-changed',
      'network-changed',
    ] as const;
    await told(...before);
    await write({ additional_chassis: new Set([destination]) });
    await told(...before, 'network-vif-plugged');
    assert.equal(await status(), 'ACTIVE');
    // Activated: nobody waits for that.
    await write({ chassis: destination, additional_chassis: new Set() });
    await sleep(500);
    await told(...before, 'network-vif-plugged');
    await eventually(async () => assert.deepEqual(await waiting(stack), []));
  });

  it('is told everything in order after it was away, also by a process that was not there', async () => {
    const url = await databases.freshUrl();
    const gone = await startNovaEndpoint();
    const port = Number(new URL(gone.url).port);
    await gone[Symbol.asyncDispose]();
    await using stack = await startOvnStack(url, {}, { nova: { url: gone.url } });
    const { controller, network } = await ready(stack);
    await using _controller = controller;
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { id } = await stack.make('ports', serverPort(network));
      await stack.ask('PUT', `ports/${id}`, { port: { fixed_ips: [] } });
      await stack.ask('DELETE', `ports/${id}`);
      ids.push(id);
    }
    assert.equal((await waiting(stack)).length, 10);
    await stack.app[Symbol.asyncDispose]();
    await using nova = await startNovaEndpoint(port);
    nova.answer({ status: 503 }, { status: 207, codes: [200, 404] });
    await using again = await createApp(loadConfig({ file: stack.configuration }), { logger: quietLogger() });
    await again.listen();
    const expected = ids.flatMap((id) => [`network-changed ${id}`, `network-vif-deleted ${id}`]);
    await eventually(async () => assert.deepEqual(nova.accepted(), expected.toSpliced(1, 1)));
    assert.deepEqual(
      nova.told.map(({ events }) => events.length),
      [10, 10],
      'all at once, and the second time because the first one failed',
    );
    const left = () =>
      again.database.read((reader) => reader.query.selectFrom('nova_events').select('seq').execute());
    await eventually(async () => assert.deepEqual(await left(), []));
  });

  it('is told by one of several processes', async () => {
    const url = await databases.freshUrl();
    await using nova = await startNovaEndpoint();
    await using stack = await startOvnStack(url, {}, { nova: { url: nova.url } });
    if (!stack.app.database.traits.concurrentWriters) return;
    const { controller, network } = await ready(stack);
    await using _controller = controller;
    await using second = await createApp(loadConfig({ file: stack.configuration }), {
      logger: quietLogger(),
    });
    await second.listen();
    const expected: string[] = [];
    for (let count = 0; count < 10; count += 1) {
      const { id } = await stack.make('ports', serverPort(network));
      const { http } = count % 2 === 0 ? stack.app : second;
      const answer = await http.inject({ method: 'DELETE', url: `/v2.0/ports/${id}` });
      assert.equal(answer.statusCode, 204);
      expected.push(`network-vif-deleted ${id}`);
    }
    await eventually(async () => assert.deepEqual(nova.accepted(), expected));
    await sleep(200);
    assert.deepEqual(nova.accepted(), expected);
  });
});

it('Nova gets a token of ours, and a new one when it refuses that', async () => {
  await using nova = await startNovaEndpoint();
  using client = createNovaClient({
    url: nova.url,
    timeoutMs: 1_000,
    identity: { token: async (refused) => (refused === 'old' ? 'new' : 'old'), [Symbol.dispose]() {} },
  });
  const events = [novaEvent('network-changed', randomUUID(), randomUUID())];
  nova.answer({ status: 401 });
  assert.deepEqual(await client.send(events), ['taken']);
  assert.deepEqual(
    nova.told.map(({ token }) => token),
    ['old', 'new'],
  );
  nova.answer({ status: 207, codes: [500] }, { status: 404 }, { status: 400 });
  assert.deepEqual(await client.send(events), ['again']);
  assert.deepEqual(await client.send(events), ['refused']);
  await assert.rejects(client.send(events), NovaUnavailable);
});

it('Nova behind TLS is believed by the certificates that are configured, and by no other', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-nova-'));
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const [own, others] = [certificateFor(folder, 'own'), certificateFor(folder, 'others')];
  await using nova = await startNovaEndpoint(0, own);
  const send = async (ca?: string) => {
    using client = createNovaClient({ url: nova.url, timeoutMs: 5_000, ca });
    return await client.send([novaEvent('network-changed', randomUUID(), randomUUID())]);
  };
  assert.deepEqual(await send(own.cert), ['taken']);
  await assert.rejects(send(others.cert), NovaUnavailable);
  await assert.rejects(send(), NovaUnavailable);
  assert.equal(nova.told.length, 1);
});

it('a service that stops does not wait for a Nova that says nothing', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'ovenbird-nova-'));
  await using _folder = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const asked = Promise.withResolvers<void>();
  await using silent = createServer(() => asked.resolve());
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port }: AddressInfo = Object(silent.address());
  const file = {
    database: { url: `sqlite:${path.join(folder, 'ovenbird.db')}` },
    ml2: { mechanismDrivers: ['logger'] },
    nova: { url: `http://127.0.0.1:${port}/v2.1`, timeout: 60 },
    api: { port: 0 },
  };
  const app = await createApp(loadConfig({ file }), { logger: quietLogger() });
  await app.listen();
  const make = async (kind: string, payload: object) => {
    const answer = await app.http.inject({ method: 'POST', url: `/v2.0/${kind}`, payload });
    assert.equal(answer.statusCode, 201, answer.body);
    return answer.json();
  };
  const { network } = await make('networks', { network: {} });
  const { port: made } = await make('ports', serverPort(network.id));
  await app.http.inject({ method: 'DELETE', url: `/v2.0/ports/${made.id}` });
  await asked.promise;
  const begin = performance.now();
  await app[Symbol.asyncDispose]();
  assert.ok(performance.now() - begin < 10_000);
  const left = await openDatabase(loadConfig({ file }).database);
  await using _left = left;
  const events = await left.read((reader) => reader.query.selectFrom('nova_events').select('name').execute());
  assert.deepEqual(events, [{ name: 'network-vif-deleted' }], 'it waits for the next start');
});
