import assert from 'node:assert/strict';
import { it } from 'node:test';
import { forEachDialect } from '../../../testing/databases.ts';
import { type ChassisView, parseBridgeMappings } from './chassis.ts';
import { keepHostNetworks } from './host-networks.ts';

const chassis = (hostname: string, mappings: string): ChassisView => ({
  name: `chassis of ${hostname}`,
  hostname,
  bridgeMappings: parseBridgeMappings(mappings),
  cmsOptions: [],
  datapathType: '',
  ifaceTypes: [],
  integrationBridge: 'br-int',
  description: '',
  state: 'caught up',
  lag: 0,
  alive: true,
  heartbeat: undefined,
});

forEachDialect('physical networks of hosts', (databases) => {
  it('follow bridge mappings as hosts come, change and go', async () => {
    const database = await databases.open();
    const after = async (...all: readonly ChassisView[]) => {
      await keepHostNetworks(database, all);
      const rows = await database.read(({ query }) =>
        query
          .selectFrom('host_physical_networks')
          .selectAll()
          .orderBy('host')
          .orderBy('physical_network')
          .execute(),
      );
      return rows.map((row) => `${row.host} ${row.physical_network}`);
    };
    assert.deepEqual(await after(chassis('a', 'one:br-1,two:br-2'), chassis('b', 'one:br-1')), [
      'a one',
      'a two',
      'b one',
    ]);
    assert.deepEqual(await after(chassis('a', 'two:br-2,three:br-3'), chassis('b', 'one:br-1')), [
      'a three',
      'a two',
      'b one',
    ]);
    assert.deepEqual(await after(chassis('b', 'one:br-9'), chassis('c', '')), ['b one']);
    assert.deepEqual(await after(), []);
  });
});
