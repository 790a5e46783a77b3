import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ApiError, type Network } from '@ovenbird/api';
import fc from 'fast-check';
import type { Database } from '../../db/database.ts';
import { forEachDialect } from '../../testing/databases.ts';
import { provider, setUpNetworks, show } from '../../testing/network-fixture.ts';

const wanted = fc.oneof(
  fc.constant({}),
  fc.constant({ shared: true }),
  fc.constant({ 'router:external': true }),
  fc.constantFrom('physnet1', 'physnet2', 'physnet3').map((physical) => provider('flat', physical)),
  fc.integer({ min: 98, max: 103 }).map((id) => provider('vlan', 'physnet1', id)),
  fc.constant(provider('vlan')),
  fc.integer({ min: 1, max: 5 }).map((id) => provider('geneve', undefined, id)),
  fc.constant({ segments: [provider('vlan', 'physnet1'), provider('geneve'), provider('local')] }),
);

const operation = fc.oneof(
  fc.record({ do: fc.constant('create' as const), attributes: wanted }),
  fc.record({ do: fc.constant('delete' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('move' as const), which: fc.nat(), to: fc.integer({ min: 98, max: 103 }) }),
);

type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

/** Each value in use has one row, and each row is a value in use; flat networks use the physical network as a whole. */
const allocationsAgree = (database: Database) =>
  database.read(async ({ query }) => {
    const segments = await query
      .selectFrom('network_segments')
      .select(['network_type', 'physical_network', 'segmentation_id'])
      .where('network_type', '!=', 'local')
      .execute();
    const allocations = await query.selectFrom('segment_allocations').selectAll().execute();
    const used = segments.map(
      (row) => `${row.network_type} ${row.physical_network ?? ''} ${row.segmentation_id ?? 0}`,
    );
    const rows = allocations.map(
      (row) => `${row.network_type} ${row.physical_network} ${row.segmentation_id}`,
    );
    assert.deepEqual(rows.toSorted(), used.toSorted());
    assert.equal(new Set(used).size, used.length);
  });

forEachDialect('histories of networks', (databases) => {
  it('leave exactly the allocations and entries of the networks that are left', async () => {
    const { database, stack } = await setUpNetworks(databases, {
      networkVlanRanges: ['physnet1:100:102'],
      geneveVniRanges: ['1:4'],
    });
    const run = async (networks: Network[], step: Operation): Promise<void> => {
      if (step.do === 'create') {
        networks.push(await stack.createNetwork(step.attributes));
        return;
      }
      const index = networks.length === 0 ? -1 : step.which % networks.length;
      const target = networks[index];
      if (target === undefined) return;
      if (step.do === 'delete') {
        await stack.deleteNetwork(target);
        networks.splice(index, 1);
      } else {
        networks[index] = await stack.updateNetwork(target, { 'provider:segmentation_id': step.to });
      }
    };
    const history = fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (steps) => {
      const networks: Network[] = [];
      for (const step of steps) {
        await run(networks, step).catch((error: unknown) =>
          assert.ok(error instanceof ApiError, String(error)),
        );
      }
      await allocationsAgree(database);
      for (const network of networks) {
        assert.deepEqual(await show(database, stack, network.id), network);
        await stack.deleteNetwork(network);
      }
      await allocationsAgree(database);
      const left = await database.read(({ query }) => query.selectFrom('rbac_entries').selectAll().execute());
      assert.deepEqual(left, []);
    });
    await fc.assert(history, { numRuns: 15 });
  });
});
