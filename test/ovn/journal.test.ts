import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { Database } from '../../packages/server/src/db/database.ts';
import type { OvnMechanismDriver } from '../../packages/server/src/drivers/mech/ovn/driver.ts';
import { portGroupName } from '../../packages/server/src/drivers/mech/ovn/ids.ts';
import { driverOn } from '../../packages/server/src/drivers/mech/ovn/testing/driver.ts';
import {
  type OvnServers,
  startOvnServers,
} from '../../packages/server/src/drivers/mech/ovn/testing/ovn-servers.ts';
import { withRows } from '../../packages/server/src/drivers/mech/ovn/testing/rows.ts';
import type { Change } from '../../packages/server/src/ml2/contract.ts';
import { portsById } from '../../packages/server/src/resources/port/store.ts';
import { forEachDialect } from '../../packages/server/src/testing/databases.ts';
import { eventually } from './eventually.ts';

const started = async (servers: OvnServers, database: Database): Promise<OvnMechanismDriver> => {
  const driver = driverOn(servers, database);
  await driver.start?.(new AbortController().signal);
  await driver.resync();
  return driver;
};

const journalOf = (database: Database) =>
  database.read((reader) => reader.query.selectFrom('journal').selectAll().execute());

/** Rename a port as a request would, up to and including its journal rows. Gives the change. */
const rename = (database: Database, driver: OvnMechanismDriver, id: string, name: string): Promise<Change> =>
  database.transaction(async (tx) => {
    const [original] = await portsById(tx, [id]);
    await tx.query
      .updateTable('ports')
      .set((eb) => ({ name, revision_number: eb('revision_number', '+', 1) }))
      .where('id', '=', id)
      .execute();
    const [current] = await portsById(tx, [id]);
    assert.ok(original && current);
    const change: Change = { kind: 'port', action: 'update', id, original, current };
    await driver.precommit?.([change], tx);
    return change;
  });

const portNameIn = (driver: OvnMechanismDriver, id: string) =>
  driver.northbound.replica.Logical_Switch_Port.get(id)?.external_ids.get('neutron:port_name');

forEachDialect('The journal', (databases) => {
  it('brings to OVN what was committed by a process that died before it could', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const id = await withRows(database, async (rows) => rows.port(await rows.network()));
    {
      await using died = await started(servers, database);
      await rename(database, died, id, 'after');
      assert.equal((await journalOf(database)).length, 1);
      assert.equal(portNameIn(died, id), 'port');
    }
    await using driver = await started(servers, database);
    await eventually(async () => assert.equal(portNameIn(driver, id), 'after'));
    await eventually(async () => assert.deepEqual(await journalOf(database), []));
  });

  it('is replayed for a process that is still running but never came back to its change', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const id = await withRows(database, async (rows) => rows.port(await rows.network()));
    await using driver = await started(servers, database);
    await rename(database, driver, id, 'forgotten');
    await eventually(async () => assert.equal(portNameIn(driver, id), 'forgotten'));
    await eventually(async () => assert.deepEqual(await journalOf(database), []));
  });

  it('keeps requests from waiting for a server that is away, and is worked off when it is back', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const id = await withRows(database, async (rows) => rows.port(await rows.network()));
    await using driver = await started(servers, database);
    await servers.northbound.kill();
    await eventually(async () => assert.notEqual(driver.northbound.state, 'ready'));
    const change = await rename(database, driver, id, 'later');
    await driver.postcommit?.([change]);
    assert.equal((await journalOf(database)).length, 1);
    await servers.northbound.restart();
    await eventually(async () => assert.equal(portNameIn(driver, id), 'later'));
    await eventually(async () => assert.deepEqual(await journalOf(database), []));
  });

  it('holds the one object that OVN refuses, while others pass', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    await using driver = await started(servers, database);
    const { operations } = driver.northbound;
    const group = randomUUID();
    const name = portGroupName(group);
    await driver.northbound.transact([operations.insert('Port_Group', randomUUID(), { name })]);
    const id = await withRows(database, async (rows, tx) => {
      await rows.securityGroup({ id: group });
      await tx.query
        .insertInto('journal')
        .values({ kind: 'security_group', id: group, created_at: tx.now })
        .execute();
      return rows.port(await rows.network());
    });
    assert.equal((await driver.resync()).outcome, 'failed');
    assert.equal(portNameIn(driver, id), 'port');
    const drift = await driver.drift();
    assert.deepEqual(
      drift.map((each) => `${each.kind} ${each.key.id}`),
      [`missing ${group}`],
    );
    await eventually(async () => {
      const [row] = await journalOf(database);
      assert.ok(row !== undefined && row.attempts > 0);
      assert.match(row.last_error ?? '', /constraint violation/);
    });
    await driver.northbound.transact([operations.delete('Port_Group', [['name', '==', name]])]);
    await eventually(async () => assert.deepEqual(await driver.drift(), []));
    await eventually(async () => assert.deepEqual(await journalOf(database), []));
  });

  it('lets no older state overtake a newer one, from two processes at once', async () => {
    await using servers = await startOvnServers();
    const database = await databases.open();
    const ids = await withRows(database, async (rows) => {
      const network = await rows.network();
      return [await rows.port(network), await rows.port(network)];
    });
    await using first = await started(servers, database);
    await using second = await started(servers, database);
    const work = async (driver: OvnMechanismDriver, label: string): Promise<void> => {
      for (let count = 0; count < 40; count += 1) {
        const id = ids[count % 2] ?? '';
        await driver.postcommit?.([await rename(database, driver, id, `${label} ${count}`)]);
      }
    };
    await Promise.all([work(first, 'a'), work(second, 'b'), work(first, 'c'), work(second, 'd')]);
    await first.northbound.transact([first.northbound.operations.comment('look')]);
    assert.deepEqual(await first.drift(), []);
    await eventually(async () => assert.deepEqual(await journalOf(database), []));
  });
});
