import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import type { ShownStage } from '../../packages/server/src/ml2/port-timeline.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { ovenbirdCommand } from './command.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { startNovaEndpoint } from './nova-endpoint.ts';
import { startOvnStack } from './stack.ts';

const ALL = ['requested', 'stored', 'northbound', 'northd', 'claimed', 'up', 'active', 'notified'];
/** One that tells when flows are installed; else northd has a port up as soon as it is claimed. */
const CHASSIS = { name: 'ch-1', hostname: 'host-1', config: { 'port-up-notif': 'true' } };
const names = (stages: readonly ShownStage[]): readonly string[] => stages.map(({ name }) => name);

forEachDialect('the timeline of a port', (databases) => {
  it('has every stage in order, begins anew when it is plugged anew, and outlives the service', async () => {
    await using nova = await startNovaEndpoint();
    await using stack = await startOvnStack(await databases.freshUrl(), {}, { nova: { url: nova.url } });
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const chassis = await addChassis(controller, CHASSIS);
    const network = await stack.make('networks', { network: {} });
    const begin = Date.now();
    const { id } = await stack.make('ports', {
      port: { network_id: network.id, device_owner: 'compute:nova', device_id: randomUUID() },
    });
    const stagesOf = async (): Promise<readonly ShownStage[]> => {
      const { status, body } = await stack.ask('GET', `ports/${id}/timeline`);
      assert.equal(status, 200);
      assert.equal(body.timeline.port_id, id);
      return body.timeline.stages;
    };
    await eventually(async () => assert.deepEqual(names(await stagesOf()), ALL.slice(0, 4)));
    const claim = (up: boolean) =>
      controller.transact([
        controller.operations.update('Port_Binding', [['logical_port', '==', id]], {
          chassis: up ? chassis : undefined,
          up,
        }),
      ]);
    await claim(true);
    await eventually(async () => assert.deepEqual(names(await stagesOf()), ALL));
    const first = await stagesOf();
    assert.deepEqual(
      first.map(({ at }) => Date.parse(at)),
      first.map(({ at }) => Date.parse(at)).toSorted((a, b) => a - b),
    );
    assert.equal(first[0]?.milliseconds, 0);
    assert.ok(Date.parse(first[0]?.at ?? '') >= begin - 1);
    for (const [index, stage] of first.entries()) {
      const before = first[index - 1]?.milliseconds ?? 0;
      assert.equal(stage.since_previous, stage.milliseconds - before);
    }
    await claim(false);
    await eventually(async () =>
      assert.equal((await stack.ask('GET', `ports/${id}`)).body.port.status, 'DOWN'),
    );
    await claim(true);
    const at = (stages: readonly ShownStage[], name: string) => stages.find((each) => each.name === name)?.at;
    await eventually(async () => {
      const again = await stagesOf();
      assert.deepEqual(names(again), ALL);
      for (const once of ALL.slice(0, 4)) assert.equal(at(again, once), at(first, once));
      for (const anew of ALL.slice(4)) assert.ok(String(at(again, anew)) > String(at(first, anew)), anew);
    });
    await using command = await ovenbirdCommand(stack.configuration);
    await eventually(async () => {
      const { stdout } = await command.run('port', 'timeline', id, '--json');
      assert.deepEqual(JSON.parse(stdout), await stagesOf());
    });
    assert.match((await command.run('port', 'timeline', id)).stdout, /^STAGE +AT +MS +SINCE/);
    const last = await stagesOf();
    await stack.app[Symbol.asyncDispose]();
    await using again = await createApp(loadConfig({ file: stack.configuration }), { logger: quietLogger() });
    await again.listen();
    const answer = await again.http.inject({ method: 'GET', url: `/v2.0/ports/${id}/timeline` });
    assert.deepEqual(answer.json().timeline.stages, last);
    await again.http.inject({ method: 'DELETE', url: `/v2.0/ports/${id}` });
    const gone = await again.http.inject({ method: 'GET', url: `/v2.0/ports/${id}/timeline` });
    assert.equal(gone.statusCode, 404);
    const left = await again.database.read((reader) =>
      reader.query.selectFrom('port_timelines').select('port_id').execute(),
    );
    assert.deepEqual(left, []);
  });

  it('is told by every service alike before the port is up, and by one that begins later', async () => {
    await using stack = await startOvnStack(await databases.freshUrl());
    await using _northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    const chassis = await addChassis(controller, CHASSIS);
    const another = async () => {
      const app = await createApp(loadConfig({ file: stack.configuration }), { logger: quietLogger() });
      await app.listen();
      return app;
    };
    const stagesAt = async ({ http }: Pick<typeof stack.app, 'http'>): Promise<readonly ShownStage[]> =>
      (await http.inject({ method: 'GET', url: `/v2.0/ports/${id}/timeline` })).json().timeline.stages;
    await using running = new AsyncDisposableStack();
    const second = stack.app.database.traits.concurrentWriters ? running.use(await another()) : undefined;
    const network = await stack.make('networks', { network: {} });
    const { id } = await stack.make('ports', { port: { network_id: network.id } });
    await eventually(async () => assert.deepEqual(names(await stagesAt(stack.app)), ALL.slice(0, 4)));
    const made = (await stagesAt(stack.app)).slice(0, 2);
    if (second !== undefined)
      await eventually(async () => {
        const told = await stagesAt(second);
        assert.deepEqual(names(told), ALL.slice(0, 4));
        assert.deepEqual(told.slice(0, 2), made);
      });
    await stack.app[Symbol.asyncDispose]();
    const third = running.use(await another());
    assert.deepEqual((await stagesAt(third)).slice(0, 2), made);
    const claim = (row: object) =>
      controller.transact([controller.operations.update('Port_Binding', [['logical_port', '==', id]], row)]);
    await claim({ chassis, up: true });
    for (const app of [third, second ?? third])
      await eventually(async () => {
        const told = await stagesAt(app);
        assert.deepEqual(told.slice(0, 2), made);
        assert.deepEqual(names(told).slice(-3), ['claimed', 'up', 'active']);
      });
    await claim({ chassis: undefined, up: false });
    // Until northd has carried it over, the Northbound row still says that the port is up, and so that it is ACTIVE again.
    await eventually(async () => {
      assert.equal(stack.observer.replica.Logical_Switch_Port.get(id)?.up, false);
      const { port } = (await third.http.inject({ method: 'GET', url: `/v2.0/ports/${id}` })).json();
      assert.equal(port.status, 'DOWN');
    });
    // Clocks of services may differ by a second: what comes sooner after is not told apart.
    await sleep(1_100);
    await claim({ chassis });
    for (const app of [third, second ?? third])
      await eventually(async () => assert.equal(names(await stagesAt(app)).at(-1), 'claimed'));
  });
});
