import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Database } from '../../packages/server/src/db/database.ts';
import type { OvnMechanismDriver } from '../../packages/server/src/drivers/mech/ovn/driver.ts';
import { driverOn } from '../../packages/server/src/drivers/mech/ovn/testing/driver.ts';
import {
  type OvnServers,
  startOvnServers,
} from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { eventually as holds } from './eventually.ts';

const started = async (servers: OvnServers, database: Database): Promise<OvnMechanismDriver> => {
  const driver = driverOn(servers, database, {
    patrolIntervalMs: 50,
  });
  await driver.start?.(new AbortController().signal);
  await driver.resync();
  return driver;
};

const eventually = (what: () => boolean): Promise<void> => holds(async () => assert.ok(what()));

const rename = (driver: OvnMechanismDriver, id: string, name: string) =>
  driver.northbound.transact([
    driver.northbound.operations.update('Logical_Switch', [['_uuid', '==', id]], { name }),
  ]);

forEachDialect('the continuous comparison', (databases) => {
  it('puts right what anybody broke, in one process of several, and counts it', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const network = await withRows(database, (rows) => rows.network());
    await using first = await started(servers, database);
    const nameIn = (driver: OvnMechanismDriver) =>
      driver.northbound.replica.Logical_Switch.get(network)?.name;
    {
      await using second = await started(servers, database);
      await eventually(() => first.patrol.outOfPlace === 0);
      await rename(first, network, 'broken');
      await eventually(() => nameIn(first) === `neutron-${network}`);
      await eventually(() => first.patrol.repaired === 1 && first.patrol.outOfPlace === 0);
      assert.deepEqual(second.patrol, { outOfPlace: undefined, repaired: 0, lastRound: undefined });
      await first[Symbol.asyncDispose]();
      await eventually(() => second.patrol.outOfPlace === 0);
      await rename(second, network, 'again');
      await eventually(() => nameIn(second) === `neutron-${network}`);
    }
  });

  it('counts what OVN refuses to have right', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const group = await withRows(database, (rows) => rows.securityGroup());
    await using driver = await started(servers, database);
    const { operations: ops } = driver.northbound;
    const name = `pg_${group.replaceAll('-', '_')}`;
    // Somebody else's group has the name now, which the schema allows once.
    const [ours] = driver.northbound.replica.Port_Group.find('name', name);
    await driver.northbound.transact([
      ops.update('Port_Group', [['_uuid', '==', ours?._uuid]], { external_ids: new Map(), name: 'moved' }),
      ops.insert('Port_Group', '11111111-1111-4111-8111-111111111111', { name }),
    ]);
    await eventually(() => driver.patrol.outOfPlace === 1);
    await driver.northbound.transact([ops.delete('Port_Group', [['name', '==', name]])]);
    await eventually(() => driver.patrol.outOfPlace === 0);
  });
});
