import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { RandomOperations } from './random-operations.ts';
import { type OvnStack, startOvnStack } from './stack.ts';

const STEPS = 200;
const STEPS_TO_FAULT = 40;
const seeds = (process.env.TEST_SEEDS ?? '1,2').split(',').map(Number);

const settled = (stack: OvnStack, what: string) =>
  eventually(async () => assert.deepEqual(await stack.drift(), [], what));

/** What may happen between requests. */
const faults: readonly ((stack: OvnStack, operations: RandomOperations) => Promise<unknown>)[] = [
  async ({ servers }, operations) => {
    await servers.northbound.kill();
    for (let step = 0; step < 5; step += 1) await operations.step();
    await servers.northbound.restart();
  },
  // Somebody takes rows out, and a comparison of everything meets requests.
  async (stack, operations) => {
    const { observer } = stack;
    const ports = [...(await stack.see()).Logical_Switch_Port.rows()].filter((_, index) => index % 3 === 0);
    const { operations: ops } = observer;
    await observer.transact(
      ports.flatMap(({ _uuid }) => [
        ops.mutate('Logical_Switch', [], [['ports', 'delete', new Set([_uuid])]]),
        ops.mutate('Port_Group', [], [['ports', 'delete', new Set([_uuid])]]),
      ]),
    );
    const own = stack.app.ovn;
    // The service sees it too, or there would be nothing to find.
    await own?.northbound.transact([own.northbound.operations.comment('look')]);
    await Promise.all([own?.resync(), operations.step()]);
  },
  async ({ servers }, operations) => {
    await servers.southbound.kill();
    for (let step = 0; step < 5; step += 1) await operations.step();
    await servers.southbound.restart();
  },
];

forEachDialect('Northbound content, whatever the path', (databases) => {
  for (const seed of seeds)
    it(`is what SQL alone would make of it, after random requests and faults from seed ${seed}`, async () => {
      const settings = { metadataEnabled: seed % 2 === 0, distributedFloatingIp: seed % 2 === 1 };
      await using stack = await startOvnStack(await databases.freshUrl(), settings);
      await using controller = await connectAsController(stack.servers);
      for (const name of ['ch-1', 'ch-2'])
        await addChassis(controller, {
          name,
          hostname: name,
          config: { 'ovn-bridge-mappings': 'physnet1:br-ex' },
        });
      await eventually(async () => assert.equal(stack.app.ovn?.chassis.all().length, 2));
      const operations = new RandomOperations(stack, seed);
      for (let step = 1; step <= STEPS; step += 1) {
        await operations.step();
        if (step % STEPS_TO_FAULT !== 0) continue;
        await settled(stack, `after step ${step}`);
        await faults[(step / STEPS_TO_FAULT + seed) % faults.length]?.(stack, operations);
      }
      await settled(stack, 'at the end');
      assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
    });
});
