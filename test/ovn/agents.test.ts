import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../packages/server/src/app.ts';
import { loadConfig } from '../../packages/server/src/config/config.ts';
import { quietLogger } from '../../packages/server/src/core/logger.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { startNorthd } from './northd.ts';
import { startOvnStack } from './stack.ts';

/** Seconds. */
const DOWN_TIME = 2;

type Controller = Awaited<ReturnType<typeof connectAsController>>;

/** Carry out, for a chassis, everything that northd hands out from now on. */
const follow = (controller: Controller, chassis: string): Disposable => {
  const done = (number: number): void => {
    const { operations } = controller;
    const row = { nb_cfg: number, nb_cfg_timestamp: Date.now() };
    // It may be deleted meanwhile, and the test may be over.
    controller
      .transact([operations.update('Chassis_Private', [['name', '==', chassis]], row)])
      .catch(() => undefined);
  };
  for (const row of controller.replica.SB_Global.rows()) done(row.nb_cfg);
  return controller.onBatch(({ changes }) => {
    for (const change of changes)
      if (change.table === 'SB_Global' && change.columns.has('nb_cfg')) done(change.row.nb_cfg);
  });
};

forEachDialect('agents', (databases) => {
  it('are caught up, catching up with their lag, or gone; who is gone can be deleted', async () => {
    const sections = { network: { agentDownTime: DOWN_TIME } };
    await using stack = await startOvnStack(await databases.freshUrl(), {}, sections);
    await using northd = await startNorthd(stack.servers);
    await using controller = await connectAsController(stack.servers);
    await addChassis(controller, { name: 'good', hostname: 'host-1' });
    await addChassis(controller, { name: 'lame', hostname: 'host-2' });
    using _following = follow(controller, 'good');
    const agent = async (id: string) => (await stack.ask('GET', `agents/${id}`)).body.agent;
    const state = async (id: string) => (await agent(id)).configurations.state;
    await eventually(async () => assert.equal(await state('good'), 'caught up'));
    await eventually(async () => {
      const { alive, configurations } = await agent('lame');
      assert.equal(configurations.state, 'catching up');
      assert.ok(configurations.lag > 0 && alive);
    });
    // It has worked, once.
    const once = { nb_cfg_timestamp: Date.now() };
    await controller.transact([
      controller.operations.update('Chassis_Private', [['name', '==', 'lame']], once),
    ]);
    // Nobody lists agents meanwhile: the service asks for signs of life by itself.
    await sleep(DOWN_TIME * 2_000);
    await addChassis(controller, { name: 'new', hostname: 'host-3' });
    const { configurations, alive } = await agent('lame');
    assert.equal(configurations.state, 'gone');
    assert.ok(configurations.lag >= 2 && !alive);
    assert.notEqual(await state('good'), 'gone');
    const ids = async (path: string) =>
      (await stack.ask('GET', path)).body.agents.map(({ id }: { id: string }) => id);
    assert.deepEqual(await ids('agents?alive=false'), ['lame']);
    const pages = 'agents?sort_key=host&sort_dir=desc&limit=2&fields=id';
    await eventually(async () => assert.deepEqual(await ids(pages), ['new', 'lame']));
    assert.deepEqual(await ids(`${pages}&marker=lame`), ['good']);
    {
      await using again = await createApp(loadConfig({ file: stack.configuration }), {
        logger: quietLogger(),
      });
      await again.listen();
      await again.ovn?.southbound.ready();
      const told = async (id: string) =>
        (await again.http.inject({ method: 'GET', url: `/v2.0/agents/${id}` })).json().agent.alive;
      assert.equal(await told('lame'), false, 'a service that has just started knows it as well');
      assert.equal(await told('new'), true, 'nothing tells yet that it is silent');
      await eventually(async () => assert.equal(await told('new'), false));
    }
    assert.equal((await stack.ask('DELETE', 'agents/new')).status, 204);
    {
      using _awake = follow(controller, 'lame');
      await eventually(async () => assert.equal(await state('lame'), 'caught up'));
    }
    await eventually(async () => assert.equal(await state('lame'), 'gone'));
    assert.equal((await stack.ask('DELETE', 'agents/lame')).status, 204);
    await eventually(async () => assert.equal((await stack.ask('GET', 'agents/lame')).status, 404));
    await eventually(async () => assert.equal(controller.replica.Chassis.size, 1));
    // Without northd nothing is handed out, and no chassis is to blame.
    await northd[Symbol.asyncDispose]();
    await sleep(DOWN_TIME * 2_000);
    assert.notEqual(await state('good'), 'gone');
  });
});
