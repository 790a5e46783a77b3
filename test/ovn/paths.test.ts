import assert from 'node:assert/strict';
import { it } from 'node:test';
import { contentOf } from '../../packages/server/src/drivers/mech/ovn/testing/content.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { addChassis, connectAsController } from './chassis.ts';
import { eventually } from './eventually.ts';
import { RandomOperations } from './random-operations.ts';
import { startOvnStack } from './stack.ts';

const STEPS = 250;
const seeds = (process.env.TEST_SEEDS ?? '1,2').split(',').map(Number);

forEachDialect('Northbound content, whatever the path', (databases) => {
  for (const seed of seeds)
    it(`is what SQL alone would make of it, after random requests from seed ${seed}`, async () => {
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
        if (step % 50 === 0) assert.deepEqual(await stack.drift(), [], `after step ${step}`);
      }
      assert.deepEqual(contentOf(await stack.see()), await stack.fresh());
    });
});
