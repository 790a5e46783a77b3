import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { systemClock } from '../../../core/clock.ts';
import { createLogger } from '../../../core/logger.ts';
import type { Database } from '../../../db/database.ts';
import { forEachDialect } from '../../../testing/databases.ts';
import { createOvnMechanismDriver, type OvnMechanismDriver } from './driver.ts';
import { defaultOvnSettings } from './settings.ts';
import { contentOf } from './testing/content.ts';
import { type OvnServers, startOvnServers } from './testing/ovn-servers.ts';
import { withRows } from './testing/rows.ts';

forEachDialect('OVN driver', (databases) => {
  let servers: OvnServers;
  let database: Database;
  let driver: OvnMechanismDriver;
  before(async () => {
    servers = await startOvnServers();
    database = await databases.open();
    driver = createOvnMechanismDriver({
      northbound: { endpoints: [servers.northbound.endpoint] },
      southbound: { endpoints: [servers.southbound.endpoint] },
      settings: defaultOvnSettings,
      database,
      clock: systemClock,
      logger: createLogger({ level: 'info' }),
      report: async () => {},
    });
    await driver.start?.(new AbortController().signal);
  });
  after(async () => {
    await driver[Symbol.asyncDispose]();
    await servers[Symbol.asyncDispose]();
  });
  it('writes', async () => {
    await withRows(database, async (rows) => {
      const network = await rows.network({}, [
        { network_type: 'vlan', physical_network: 'physnet1', segmentation_id: 5 },
      ]);
      const subnet = await rows.subnet(network);
      const group = await rows.securityGroup();
      await rows.rule(group, { remote_group_id: group });
      await rows.port(network, {}, { addresses: [{ subnet, ip: '10.0.0.5' }], groups: [group] });
    });
    await driver.resync();
    console.log(JSON.stringify(contentOf(driver.northbound.replica), null, 1));
    assert.deepEqual(await driver.drift(), []);
  });
});
